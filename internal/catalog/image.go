package catalog

import (
	"context"
	"errors"
	"time"

	"innopay/fault"
	"innopay/id"
	"innopay/internal/catalog/picture"
	"innopay/internal/merchant"
)

// Bounds of decoding: each picture takes up to 200 MB while it is made.
const (
	maxDecoding  = 2 // at once in one process
	decodingWait = 10 * time.Second
)

// decoding has one place for each picture that is made; memory is the process's.
var decoding = make(chan struct{}, maxDecoding)

// Faults of pictures.
var (
	ErrNoPicture = fault.New(fault.NotFound, "PICTURE_NOT_FOUND", "상품에 사진이 없어요.")
	ErrBusy      = fault.New(fault.Unavailable, "BUSY", "요청이 몰려 처리하지 못했어요. 잠시 후 다시 시도해 주세요.")
)

// Size is which picture of a product is meant.
type Size string

// The sizes.
const (
	Small Size = "small" // square, at most picture.SmallSide
	Large Size = "large" // square, at most picture.LargeSide
)

// SetPicture makes the pictures of a product from a file of JPEG, PNG or WebP (package
// picture) and replaces those it had. It returns ErrNotFound, ErrBusy, or
// Invalid about the body as a whole.
func (s *Service) SetPicture(ctx context.Context, t merchant.Tenant, actor, productID string, file []byte) (Product, error) {
	if _, err := s.Product(ctx, t, productID); err != nil {
		return Product{}, err
	}
	pair, err := decode(ctx, file)
	if err != nil {
		return Product{}, err
	}
	return s.alter(ctx, t, actor, "product.picture", productID, func(ctx context.Context, tx Tx, p *Product) error {
		p.Picture = p.Version + 1
		return tx.PutPicture(ctx, t, productID, pair)
	})
}

// RemovePicture takes the picture of a product away; one without is left as it is.
func (s *Service) RemovePicture(ctx context.Context, t merchant.Tenant, actor, productID string) (Product, error) {
	return s.alter(ctx, t, actor, "product.picture_removed", productID, func(ctx context.Context, tx Tx, p *Product) error {
		p.Picture = 0
		return tx.DropPicture(ctx, t, productID)
	})
}

// Picture is a picture of a product as JPEG. It returns ErrNotFound or ErrNoPicture.
func (s *Service) Picture(ctx context.Context, t merchant.Tenant, productID string, size Size) ([]byte, error) {
	if !id.Valid(id.Product, productID) {
		return nil, ErrNotFound
	}
	b, err := s.Store.Picture(ctx, t, productID, size)
	return b, told(err, ErrNoPicture, ErrBarcodeTaken)
}

func decode(ctx context.Context, file []byte) (picture.Pair, error) {
	wait, cancel := context.WithTimeout(ctx, decodingWait)
	defer cancel()
	select {
	case decoding <- struct{}{}:
		defer func() { <-decoding }()
	case <-wait.Done():
		return picture.Pair{}, ErrBusy.WithRetryAfter(2 * time.Second)
	}
	pair, err := picture.Make(file)
	switch {
	case errors.Is(err, picture.ErrTooLarge):
		return pair, fault.InvalidField("", "TOO_LARGE", "사진이 너무 커요. 4천만 화소 안으로 줄여 주세요.").Because(err)
	case err != nil:
		return pair, fault.InvalidField("", "INVALID_PICTURE", "사진을 읽을 수 없어요. JPEG, PNG, WebP 사진을 골라 주세요.").Because(err)
	}
	return pair, nil
}
