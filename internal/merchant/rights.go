package merchant

import (
	"context"
	"strconv"

	"innopay/fault"
	"innopay/money"
)

// Rights are what the owner lets one of the staff do beyond the permissions of the
// role. Owners and keys have all of them.
type Rights struct {
	Discount     bool      // sell an item for less than its price
	Cancel       bool      // cancel payments; the cancel password is asked for besides
	CancelLimit  money.Won // most that the person's cancels of one payment come to, in won; 0: no limit
	EditProducts bool      // change products, their pictures and categories
	ViewSales    bool      // see everybody's sales of every day, the settlements, and close the day
	Version      int64     // rises with every change of the rights; a change names the one it read
}

// DefaultRights are those of new staff: everything that takes no right to edit.
func DefaultRights() Rights { return Rights{Discount: true, Cancel: true, Version: 1} }

// allRights are those of owners and keys.
func allRights() Rights {
	return Rights{Discount: true, Cancel: true, EditProducts: true, ViewSales: true}
}

// Faults of rights.
var (
	// ErrDiscount: the person may not give discounts.
	ErrDiscount = fault.New(fault.Forbidden, "DISCOUNT_NOT_ALLOWED", "할인할 권한이 없어요. 할인을 빼거나 점주에게 요청해 주세요.")
	// ErrBelowPrice: the person may not give discounts, and an item costs less than its product.
	ErrBelowPrice = fault.New(fault.Forbidden, "PRICE_BELOW_PRODUCT", "상품 가격보다 싸게 팔 권한이 없어요. 가격이 그 사이 바뀌었는지 장바구니에서 확인해 주세요.")
	// ErrCancel: the person may not cancel payments.
	ErrCancel = fault.New(fault.Forbidden, "CANCEL_NOT_ALLOWED", "결제를 취소할 권한이 없어요. 점주에게 요청해 주세요.")
	// ErrNotStaff: the rights of an owner are not limited.
	ErrNotStaff = fault.New(fault.Conflict, "NOT_STAFF", "점주의 권한은 바꿀 수 없어요.")
)

// MayCancel is the most that the principal's cancels of one payment may come to, 0 for
// no limit, or ErrCancel.
func (p Principal) MayCancel() (money.Won, error) {
	if !p.Rights.Cancel {
		return 0, ErrCancel
	}
	return p.Rights.CancelLimit, nil
}

// granted reports whether a right gives a permission that the role lacks.
func (r Rights) granted(p Permission) bool {
	return p == CatalogWrite && r.EditProducts || p == SalesAll && r.ViewSales
}

// Has are the rights of a user: staff have those that the owner gave.
func (u User) Has() Rights {
	if u.Role == Staff {
		return u.Rights
	}
	return allRights()
}

// SetRights gives one of the staff its rights; r.Version is the version that was read.
// It takes effect with the person's next request. It returns ErrNotFound, ErrNotStaff,
// ErrChanged, or Invalid.
func (r *Registry) SetRights(ctx context.Context, actor string, t Tenant, userID string, next Rights) (User, error) {
	if next.CancelLimit < 0 || next.CancelLimit > money.Max {
		return User{}, fault.InvalidField("/cancelLimit", "OUT_OF_RANGE", "취소 한도는 0원(한도 없음)부터 9,999,999,999원까지 정할 수 있어요.")
	}
	next.Version++
	var u User
	err := r.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		c, err := tx.Credentials(ctx, t, userID)
		if err != nil {
			return err
		}
		if u = c.User; u.Role != Staff {
			return ErrNotStaff
		}
		u.Rights = next
		if err := tx.SetRights(ctx, t, userID, next); err != nil {
			return err
		}
		return tx.Record(ctx, r.record(t, actor, "user.rights", userID, map[string]string{
			"discount": strconv.FormatBool(next.Discount), "cancel": strconv.FormatBool(next.Cancel),
			"cancelLimit": next.CancelLimit.Grouped(), "editProducts": strconv.FormatBool(next.EditProducts),
			"viewSales": strconv.FormatBool(next.ViewSales),
		}))
	})
	return u, read(err)
}
