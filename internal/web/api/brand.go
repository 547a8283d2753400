package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"innopay/internal/brand"
)

// Brand is what the installation says of itself. What is not configured is absent.
type Brand struct {
	_       struct{}      `additionalProperties:"true"`
	Name    string        `json:"name,omitempty"`
	Phone   string        `json:"phone,omitempty" doc:"Of the customer centre, as it is written"`
	Email   string        `json:"email,omitempty" doc:"Of the customer centre"`
	Hours   []brand.Hours `json:"hours,omitempty" doc:"When somebody answers there, Korean time"`
	Closed  string        `json:"closed,omitempty" doc:"About the days on which nobody does"`
	Product string        `json:"productUrl,omitempty" doc:"Home page of the product"`
	Home    string        `json:"companyUrl,omitempty" doc:"Home page of the company"`
	Company *BrandCompany `json:"company,omitempty"`
}

// BrandCompany is who runs the installation.
type BrandCompany struct {
	_              struct{} `additionalProperties:"true"`
	Name           string   `json:"name,omitempty"`
	Representative string   `json:"representative,omitempty"`
	BusinessNumber string   `json:"businessNumber,omitempty"`
	Registration   string   `json:"registration,omitempty"`
	Address        string   `json:"address,omitempty"`
}

type brandOutput struct{ Body Brand }

func (a *API) registerBrand() {
	add(a, access{public: true}, huma.Operation{
		OperationID: "brand", Method: http.MethodGet, Path: "/v1/brand", Tags: []string{"Merchant"}, Summary: "What the installation says of itself",
	}, func(context.Context, *struct{}) (*brandOutput, error) {
		b := a.Brand
		out := Brand{Name: b.Name, Phone: b.Phone, Email: b.Mail, Hours: b.Hours, Closed: b.Closed, Product: b.Product, Home: b.Home}
		if b.Company != (brand.Company{}) {
			out.Company = &BrandCompany{
				Name: b.Company.Name, Representative: b.Company.Representative, BusinessNumber: b.Company.BusinessNumber,
				Registration: b.Company.Registration, Address: b.Company.Address,
			}
		}
		return &brandOutput{out}, nil
	})
}
