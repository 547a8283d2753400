package merchant

import (
	"context"
	"errors"

	"innopay/fault"
)

// Choice is what somebody who registers chooses.
type Choice struct {
	LoginID  string
	Name     string
	Role     Role
	Password Password
}

// Chosen is a choice that may be stored.
type Chosen struct {
	LoginID string // normalised
	Hash    string // of the password, argon2id in PHC form
}

// Choose checks what somebody who registers at the merchant chose, and hashes the
// password. It returns Invalid with the field, ErrNotFound or ErrBusy. Whether the id is
// free is decided by who stores it.
func (r *Registry) Choose(ctx context.Context, t Tenant, c Choice) (Chosen, error) {
	loginID := NormalLoginID(c.LoginID)
	if err := checkLoginID(loginID); err != nil {
		return Chosen{}, err
	}
	if err := CheckName(c.Name); err != nil {
		return Chosen{}, err
	}
	own, err := r.ownWords(ctx, User{MerchantID: t.ID(), LoginID: loginID, Name: c.Name})
	if err != nil {
		return Chosen{}, err
	}
	chosen, err := checkPassword(c.Password, MinPasswordOf(c.Role), own...)
	if err != nil {
		return Chosen{}, err
	}
	hash, err := r.Hasher.Hash(ctx, chosen)
	return Chosen{LoginID: loginID, Hash: hash}, err
}

// CheckName returns Invalid when a person cannot be called so.
func CheckName(name string) error {
	if !Printable(name, 1, 50) {
		return fault.InvalidField("/name", "INVALID_TEXT", "이름은 1~50자로 입력해 주세요.")
	}
	return nil
}

// LoginIDFree reports whether nobody has the id yet, at whatever merchant, or returns
// Invalid when it can be nobody's.
func (r *Registry) LoginIDFree(ctx context.Context, loginID string) (bool, error) {
	loginID = NormalLoginID(loginID)
	if err := checkLoginID(loginID); err != nil {
		return false, err
	}
	_, err := r.Store.CredentialsByLogin(ctx, loginID)
	if errors.Is(err, ErrAbsent) {
		return true, nil
	}
	return false, err
}

// User is one of the merchant's, or ErrNotFound.
func (r *Registry) User(ctx context.Context, t Tenant, userID string) (User, error) {
	c, err := r.Store.Credentials(ctx, t, userID)
	return c.User, read(err)
}
