package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"innopay/internal/merchant"
	"innopay/internal/oversight"
	"innopay/money"
)

// VolumeFigures are sums over payments.
type VolumeFigures struct {
	Sold           int64     `json:"sold" doc:"Payments whose money moved"`
	Amount         money.Won `json:"amount" doc:"Of those, whatever was taken back since"`
	CanceledAmount money.Won `json:"canceledAmount" doc:"Of amount, what was taken back since"`
	Approved       int64     `json:"approved" doc:"Of sold, those that an acquirer said yes to; cash asks nobody"`
	Declined       int64     `json:"declined" doc:"A definite no. The approval rate is approved of approved and declined"`
	Unsent         int64     `json:"unsent" doc:"No money moved and nobody said no: not sent, reversed or withdrawn"`
	Open           int64     `json:"open" doc:"Under way or unknown"`
}

// VolumeSlice are the figures of an hour or of a day.
type VolumeSlice struct {
	_  struct{} `additionalProperties:"true"`
	At string   `json:"at" format:"date-time" doc:"When it begins, in Seoul"`
	VolumeFigures
}

// VolumeGroup are the figures of a channel or an adapter.
type VolumeGroup struct {
	_    struct{} `additionalProperties:"true"`
	Name string   `json:"name" doc:"Channel, or name of the adapter"`
	VolumeFigures
}

// VolumeReport is what was sold.
type VolumeReport struct {
	_         struct{}      `additionalProperties:"true"`
	From      string        `json:"from" format:"date"`
	To        string        `json:"to" format:"date" doc:"Included"`
	Hourly    bool          `json:"hourly" doc:"slices are hours, else days"`
	Whole     bool          `json:"whole" doc:"false: adding up took too long, and from is the first day that is in it"`
	Total     VolumeFigures `json:"total"`
	Slices    []VolumeSlice `json:"slices" nullable:"false" doc:"All there are, oldest first"`
	Channels  []VolumeGroup `json:"channels" nullable:"false" doc:"CARD, SMS, ARS, CASH; most sold first"`
	Acquirers []VolumeGroup `json:"acquirers" nullable:"false" doc:"By the adapters' names; most sold first"`
}

type volumeInput struct {
	Days       int    `query:"days" minimum:"1" maximum:"31" default:"1" doc:"The last so many days of Seoul, today among them. 1: by hour"`
	MerchantID string `query:"merchantId" maxLength:"64"`
}

type volumeOutput struct{ Body VolumeReport }

func (a *API) registerVolume() {
	add(a, access{permission: merchant.OversightRead}, huma.Operation{
		OperationID: "operatorVolume", Method: http.MethodGet, Path: "/v1/operator/volume", Tags: operatorTag,
		Summary: "What was sold and approved in the last days", Description: "Payments count where they were begun. 409 NARROW_SEARCH when not even today could be added up in time.",
	}, func(ctx context.Context, in *volumeInput) (*volumeOutput, error) {
		v, err := a.Oversight.Volume(ctx, merchant.TenantOf(in.MerchantID), in.Days)
		if err != nil {
			return nil, err
		}
		return &volumeOutput{volumeView(v)}, nil
	})
}

func volumeView(v oversight.Volume) VolumeReport {
	group := func(g oversight.VolumeGroup) VolumeGroup {
		return VolumeGroup{Name: g.Name, VolumeFigures: figuresView(g.Figures)}
	}
	return VolumeReport{
		From: string(v.From), To: string(v.To), Hourly: v.Hourly, Whole: v.Whole, Total: figuresView(v.Total),
		Slices: views(v.Slices, func(s oversight.VolumeSlice) VolumeSlice {
			return VolumeSlice{At: instant(s.At), VolumeFigures: figuresView(s.Figures)}
		}),
		Channels: views(v.Channels, group), Acquirers: views(v.Acquirers, group),
	}
}

func figuresView(f oversight.Figures) VolumeFigures {
	return VolumeFigures{
		Sold: f.Sold, Amount: f.Amount, CanceledAmount: f.Canceled, Approved: f.Approved, Declined: f.Declined, Unsent: f.Unsent, Open: f.Open,
	}
}
