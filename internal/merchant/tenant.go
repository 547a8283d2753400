package merchant

// Tenant is the merchant on whose behalf a repository is read or changed. Every
// repository function takes one, so that an unscoped query cannot be written by
// accident. It is made in two places: by the authorization middleware from the
// session or key, and by jobs from the row they lease.
type Tenant struct{ id string }

// TenantOf names a tenant. Only authorization and jobs call it.
func TenantOf(merchantID string) Tenant { return Tenant{merchantID} }

// ID is the merchant's id.
func (t Tenant) ID() string { return t.id }
