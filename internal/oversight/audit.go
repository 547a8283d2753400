package oversight

import (
	"context"

	"innopay/internal/audit"
	"innopay/internal/merchant"
)

// Audit is one page of the audit over all merchants, newest first.
func (s *Service) Audit(ctx context.Context, f AuditFilter, limit int) ([]audit.Record, bool, error) {
	return page(ctx, limit, func(ctx context.Context, limit int) ([]audit.Record, error) { return s.Store.Audit(ctx, f, limit) })
}

// CheckChain follows a part of the audit chain, and writes down that somebody did.
func (s *Service) CheckChain(ctx context.Context, from, limit int64, a Act) (Chain, error) {
	if err := s.Record(ctx, a, merchant.Tenant{}, "operator.audit_checked", "", map[string]any{"from": from, "limit": limit}); err != nil {
		return Chain{}, err
	}
	var heads []audit.Seal
	if s.Heads != nil {
		var err error
		if heads, err = s.Heads(); err != nil {
			return Chain{}, told(ctx, err)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	c, err := s.Store.CheckChain(ctx, from, limit, heads)
	return c, told(ctx, err)
}

// ExportBegun writes down that somebody takes the audit out of the house, and of what.
func (s *Service) ExportBegun(ctx context.Context, f AuditFilter, a Act) error {
	return s.Record(ctx, a, merchant.Tenant{}, "operator.audit_exported", "", map[string]any{
		"merchantId": f.MerchantID, "from": string(f.From), "to": string(f.To), "actor": f.Actor, "action": f.Action, "subject": f.Subject,
	})
}

// MerchantName is what a merchant is called; empty for one that is not there.
func (s *Service) MerchantName(ctx context.Context, t merchant.Tenant) (string, error) {
	name, err := s.Store.MerchantName(ctx, t)
	return name, told(ctx, err)
}
