package catalog

import (
	"context"
	"errors"
	"slices"

	"innopay/fault"
	"innopay/internal/merchant"
)

// place is where something stands on the screen.
type place struct {
	id   string
	sort int64
}

// arrange gives the listed things, in the order of the list, the places that they hold
// among all; everything else stays where it is. all is in order of the screen. It
// returns the things whose sort changes. false: the list names something that is not
// there.
func arrange(all []place, listed []string) (moved []place, ok bool) {
	held := make(map[string]bool, len(listed))
	for _, one := range listed {
		held[one] = true
	}
	next := make([]place, len(all))
	taken := 0
	for i, p := range all {
		next[i] = p
		if held[p.id] {
			if taken == len(listed) {
				return nil, false // a list that names something twice
			}
			next[i].id = listed[taken]
			taken++
		}
	}
	if taken != len(listed) {
		return nil, false
	}
	settle(next)
	was := make(map[string]int64, len(all))
	for _, p := range all {
		was[p.id] = p.sort
	}
	for _, p := range next {
		if was[p.id] != p.sort {
			moved = append(moved, p)
		}
	}
	return moved, true
}

// settle makes the sorts rise strictly, so that a place does not hang on the age of what
// stands there. It changes as few as it can.
func settle(all []place) {
	last := int64(-1)
	for i := range all {
		if all[i].sort <= last {
			all[i].sort = last + 1
		}
		last = all[i].sort
	}
	if last > MaxSort {
		for i := range all {
			all[i].sort = int64(i)
		}
	}
}

// checkList refuses a list that is no order of anything.
func checkList(ids []string, most int) error {
	if len(ids) > most {
		return fault.InvalidField("/ids", "TOO_MANY", "한 번에 순서를 바꿀 수 있는 수를 넘었어요.")
	}
	seen := make(map[string]bool, len(ids))
	for _, one := range ids {
		if seen[one] {
			return fault.InvalidField("/ids", "DUPLICATE", "같은 것이 두 번 들어 있어요.")
		}
		seen[one] = true
	}
	return nil
}

// OrderProducts puts the products into the places that they hold together, in the order
// of the list: the products of one category move among themselves. It returns those
// whose sort changed, with their new versions. ErrChanged: one of them is gone.
func (s *Service) OrderProducts(ctx context.Context, t merchant.Tenant, actor string, ids []string) ([]Product, error) {
	if err := checkList(ids, MaxProducts); err != nil {
		return nil, err
	}
	var moved []Product
	err := s.again(ctx, t, func(ctx context.Context, tx Tx) error {
		all, err := everything(ctx, tx, t)
		if err != nil {
			return err
		}
		places, byID := make([]place, len(all)), make(map[string]Product, len(all))
		for i, p := range all {
			places[i], byID[p.ID] = place{p.ID, p.Sort}, p
		}
		next, ok := arrange(places, ids)
		if !ok {
			return ErrChanged
		}
		moved = make([]Product, 0, len(next))
		for _, to := range next {
			p := byID[to.id]
			p.Sort, p.Version = to.sort, p.Version+1
			if err := tx.UpdateProduct(ctx, p); err != nil {
				return err
			}
			moved = append(moved, p)
		}
		if len(moved) == 0 {
			return nil
		}
		return tx.Record(ctx, s.record(t, actor, "product.ordered", t.ID()))
	})
	return moved, told(err, ErrNotFound, ErrBarcodeTaken)
}

// OrderCategories is OrderProducts for categories.
func (s *Service) OrderCategories(ctx context.Context, t merchant.Tenant, actor string, ids []string) ([]Category, error) {
	if err := checkList(ids, MaxCategories); err != nil {
		return nil, err
	}
	var moved []Category
	err := s.again(ctx, t, func(ctx context.Context, tx Tx) error {
		all, err := tx.Categories(ctx, t)
		if err != nil {
			return err
		}
		places := make([]place, len(all))
		for i, c := range all {
			places[i] = place{c.ID, c.Sort}
		}
		next, ok := arrange(places, ids)
		if !ok {
			return ErrChanged
		}
		moved = make([]Category, 0, len(next))
		for _, to := range next {
			c := all[slices.IndexFunc(all, func(c Category) bool { return c.ID == to.id })]
			c.Sort, c.Version = to.sort, c.Version+1
			if err := tx.UpdateCategory(ctx, c); err != nil {
				return err
			}
			moved = append(moved, c)
		}
		if len(moved) == 0 {
			return nil
		}
		return tx.Record(ctx, s.record(t, actor, "category.ordered", t.ID()))
	})
	return moved, told(err, ErrNoCategory, ErrNameTaken)
}

// everything is the whole catalogue in order.
func everything(ctx context.Context, r Reader, t merchant.Tenant) ([]Product, error) {
	var all []Product
	after := Position{Sort: -1}
	for len(all) <= MaxProducts {
		page, err := r.Products(ctx, t, Filter{}, after, MaxPage)
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if len(page) < MaxPage {
			break
		}
		last := page[len(page)-1]
		after = Position{Sort: last.Sort, ID: last.ID}
	}
	return all, nil
}

// changeTries bounds how often a change that hangs on nothing its caller read starts
// over because somebody was faster.
const changeTries = 12

// again runs a transaction again when another change of the same rows came first.
func (s *Service) again(ctx context.Context, t merchant.Tenant, fn func(ctx context.Context, tx Tx) error) error {
	var err error
	for range changeTries {
		if err = s.tx(ctx, t, fn); !errors.Is(err, ErrStale) {
			return err
		}
	}
	return err
}
