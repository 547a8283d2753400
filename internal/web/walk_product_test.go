package web_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/url"
	"testing"

	"innopay/internal/merchant"
)

// photo is a small picture to be sent.
func photo(t *testing.T) file {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 12, 8))
	m.SetRGBA(3, 3, color.RGBA{0xff, 0, 0, 0xff})
	var b bytes.Buffer
	must(t, png.Encode(&b, m))
	return file{"image/png", b.Bytes()}
}

// goodProduct is good for what is asked of products beyond what is asked of everything.
func (s *stage) goodProduct(t *testing.T, f field) *scene {
	t.Helper()
	sent := photo(t)
	switch f.operation {
	case "PUT /v1/products/{id}/picture":
		return &scene{path: s.made(t, "/v1/products"), file: &sent}
	case "DELETE /v1/products/{id}/picture":
		return &scene{path: s.made(t, "/v1/products")}
	case "GET /v1/products/{id}/picture":
		path := s.made(t, "/v1/products")
		if a := s.to(http.MethodPut, "/v1/products/"+path["id"]+"/picture", sent).as(s.two).do(); a.StatusCode != http.StatusOK {
			t.Errorf("picture: %d %s", a.StatusCode, a.body)
		}
		return &scene{path: path}
	case "POST /v1/products/{id}/marks":
		return &scene{path: s.made(t, "/v1/products"), body: map[string]any{"soldOut": true, "favourite": true}}
	case "POST /v1/products/{id}/stock":
		body := map[string]any{"set": 5}
		if f.pointer == "/add" {
			body = map[string]any{"add": 5}
		}
		return &scene{path: s.made(t, "/v1/products"), body: body}
	case "PUT /v1/products/order":
		return &scene{body: map[string]any{"ids": []any{s.made(t, "/v1/products")["id"]}}}
	case "PUT /v1/categories/order":
		return &scene{body: map[string]any{"ids": []any{s.made(t, "/v1/categories")["id"]}}}
	case "POST /v1/products/import":
		table := file{"text/csv", []byte("상품명,가격\n걷는 상품,100\n")}
		return &scene{query: url.Values{"format": {"csv"}}, file: &table}
	case "GET /v1/products/export":
		return &scene{}
	}
	return nil
}

// goodStaff is good for what is asked of the people of a shop: somebody new each time.
func (s *stage) goodStaff(t *testing.T, f field) *scene {
	t.Helper()
	if f.operation != "PUT /v1/staff/{id}/permissions" {
		return nil
	}
	login := fmt.Sprintf("walked-%d", s.orders.Add(1))
	if _, err := s.registry.CreateUser(t.Context(), "test", s.two.Tenant(), merchant.NewUser{LoginID: login, Name: "시험 직원", Role: merchant.Staff}); err != nil {
		t.Errorf("%s: %v", login, err)
	}
	users, err := s.registry.Users(t.Context(), s.two.Tenant())
	if err != nil {
		t.Errorf("%v", err)
	}
	for _, u := range users {
		if u.LoginID == login {
			return &scene{path: map[string]string{"id": u.ID}, body: map[string]any{
				"discount": true, "cancel": true, "cancelLimit": 10_000, "editProducts": true, "version": version,
			}}
		}
	}
	return &scene{}
}
