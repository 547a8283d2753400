package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"innopay/internal/merchant"
)

// AdapterLabel is a name in both languages.
type AdapterLabel struct {
	_  struct{} `additionalProperties:"true"`
	Ko string   `json:"ko"`
	En string   `json:"en"`
}

// AdapterField is one value of an adapter's configuration.
type AdapterField struct {
	_        struct{}     `additionalProperties:"true"`
	Key      string       `json:"key"`
	Label    AdapterLabel `json:"label"`
	Required bool         `json:"required"`
	Secret   bool         `json:"secret" doc:"Its value is never shown"`
	Set      bool         `json:"set" doc:"The configuration has a value; else the default holds"`
	Value    string       `json:"value,omitempty" doc:"In use, the default included; absent for secrets"`
}

// AdapterBreaker says whether payments are refused because an acquirer cannot be reached.
type AdapterBreaker struct {
	_        struct{} `additionalProperties:"true"`
	Open     bool     `json:"open" doc:"Payments are refused; one tries every so often"`
	Failures int      `json:"failures" doc:"Failures to connect in a row, of this process"`
	Since    string   `json:"since,omitempty" format:"date-time" doc:"Of the first of them"`
}

// Adapter is a service outside that this installation uses.
type Adapter struct {
	_         struct{}        `additionalProperties:"true"`
	Kind      string          `json:"kind" enum:"ACQUIRER,OFFICE,MESSENGER"`
	Name      string          `json:"name"`
	Label     AdapterLabel    `json:"label"`
	Simulated bool            `json:"simulated"`
	Fields    []AdapterField  `json:"fields" nullable:"false"`
	Testable  bool            `json:"testable" doc:"Whether its connection can be tested"`
	Breaker   *AdapterBreaker `json:"breaker,omitempty" doc:"Of acquirers"`
}

// AdapterList are all that are configured.
type AdapterList struct {
	_        struct{}  `additionalProperties:"true"`
	Adapters []Adapter `json:"adapters" nullable:"false"`
}

// AdapterTest is what came of a connection test.
type AdapterTest struct {
	_       struct{} `additionalProperties:"true"`
	Offered bool     `json:"offered" doc:"false: the adapter has no harmless way to try its connection"`
	OK      bool     `json:"ok"`
	Code    string   `json:"code,omitempty" doc:"The other side's own"`
	Message string   `json:"message,omitempty" doc:"Why not, for people who know the connection"`
	Millis  int64    `json:"millis" doc:"How long it took"`
}

// AdapterDesk shows the adapters of this installation and tries their connections.
type AdapterDesk interface {
	// List are all that are configured: acquirers, then offices, then messengers.
	List() []Adapter
	// Test tries the connection of one; merchant.ErrNotFound when it is not configured.
	Test(ctx context.Context, kind, name string) (AdapterTest, error)
}

type adaptersOutput struct{ Body AdapterList }

type adapterInput struct {
	Kind string `path:"kind" maxLength:"20" doc:"ACQUIRER, OFFICE or MESSENGER"`
	Name string `path:"name" maxLength:"50"`
}

type adapterTestOutput struct{ Body AdapterTest }

func (a *API) registerAdapters() {
	test, tags := access{permission: merchant.AdapterTest}, []string{"Operator"}
	add(a, test, huma.Operation{
		OperationID: "listAdapters", Method: http.MethodGet, Path: "/v1/operator/adapters", Tags: tags,
		Summary: "Acquirers, offices and gateways that are configured",
	}, func(context.Context, *struct{}) (*adaptersOutput, error) {
		return &adaptersOutput{AdapterList{Adapters: a.Adapters.List()}}, nil
	})
	add(a, test, huma.Operation{
		OperationID: "testAdapter", Method: http.MethodPost, Path: "/v1/operator/adapters/{kind}/{name}/test", Tags: tags,
		Summary: "Try a connection", Description: "Sends a real message that moves nothing.",
	}, func(ctx context.Context, in *adapterInput) (*adapterTestOutput, error) {
		out, err := a.Adapters.Test(ctx, in.Kind, in.Name)
		return &adapterTestOutput{out}, err
	})
}
