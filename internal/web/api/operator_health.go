package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"innopay/id"
	"innopay/internal/health"
	"innopay/internal/merchant"
)

// HealthValue is one figure.
type HealthValue struct {
	_     struct{} `additionalProperties:"true"`
	Name  string   `json:"name" doc:"depth, age, failures, size, free, left"`
	Value int64    `json:"value"`
	Unit  string   `json:"unit,omitempty" enum:"s,bytes" doc:"Absent: a count; depths are counted up to 10,000"`
}

// HealthCheck is what was seen of one thing.
type HealthCheck struct {
	_       struct{}      `additionalProperties:"true"`
	Area    string        `json:"area" enum:"WORKER,QUEUE,ADAPTER,TRUNK,DATABASE,BACKUP,KEY,CERTIFICATE,AUDIT"`
	Name    string        `json:"name"`
	Status  string        `json:"status" enum:"OK,WARN,FAIL"`
	Message string        `json:"message,omitempty" doc:"What is wrong, Korean"`
	Values  []HealthValue `json:"values" nullable:"false"`
	At      string        `json:"at,omitempty" format:"date-time" doc:"Last success of a worker or adapter, last backup, age of the keys, end of the certificate"`
}

// Health is how the installation does, as the instance that answers sees it.
type Health struct {
	_      struct{}      `additionalProperties:"true"`
	Status string        `json:"status" enum:"OK,WARN,FAIL" doc:"The worst of all checks"`
	At     string        `json:"at" format:"date-time"`
	Checks []HealthCheck `json:"checks" nullable:"false"`
	Alarms int           `json:"alarms" doc:"That stand, at most 100"`
}

// Alarm is one cause that somebody should know of.
type Alarm struct {
	_              struct{} `additionalProperties:"true"`
	ID             string   `json:"id"`
	Code           string   `json:"code" doc:"Stable, UPPER_SNAKE"`
	Subject        string   `json:"subject,omitempty" doc:"What it is about: a payment, adapter, queue .."`
	Severity       string   `json:"severity" enum:"WARNING,CRITICAL"`
	Message        string   `json:"message" doc:"Korean"`
	State          string   `json:"state" enum:"OPEN,ACKNOWLEDGED,CLEARED"`
	Times          int64    `json:"times" doc:"How often its cause was met"`
	RaisedAt       string   `json:"raisedAt" format:"date-time"`
	SeenAt         string   `json:"seenAt" format:"date-time"`
	ClearedAt      string   `json:"clearedAt,omitempty" format:"date-time"`
	AcknowledgedAt string   `json:"acknowledgedAt,omitempty" format:"date-time"`
	AcknowledgedBy string   `json:"acknowledgedBy,omitempty"`
	Note           string   `json:"note,omitempty"`
	ToldAt         string   `json:"toldAt,omitempty" format:"date-time" doc:"When mail and webhook were told that it was raised"`
}

// AlarmList is one page.
type AlarmList struct {
	_          struct{} `additionalProperties:"true"`
	Alarms     []Alarm  `json:"alarms" nullable:"false" doc:"Newest first"`
	NextCursor string   `json:"nextCursor,omitempty"`
}

type alarmsInput struct {
	Open   bool   `query:"open" doc:"Only those that stand"`
	Unseen bool   `query:"unacknowledged" doc:"Only those that nobody has acknowledged"`
	Code   string `query:"code" maxLength:"64"`
	Cursor string `query:"cursor" maxLength:"100"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type alarmInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body ReasonRequest
}

type healthOutput struct{ Body Health }

type alarmsOutput struct{ Body AlarmList }

type alarmOutput struct{ Body Alarm }

// mostAlarms is how many are counted.
const mostAlarms = 100

func (a *API) registerHealth() {
	add(a, access{permission: merchant.HealthRead}, huma.Operation{
		OperationID: "health", Method: http.MethodGet, Path: "/v1/operator/health", Tags: operatorTag, Summary: "How the installation does",
	}, a.showHealth)
	add(a, access{permission: merchant.HealthRead}, huma.Operation{
		OperationID: "listAlarms", Method: http.MethodGet, Path: "/v1/operator/alarms", Tags: operatorTag, Summary: "Alarms, newest first",
	}, func(ctx context.Context, in *alarmsInput) (*alarmsOutput, error) {
		f := health.Filter{Open: in.Open, Unknown: in.Unseen, Code: in.Code}
		var err error
		if f.Before, err = decodeCursor(id.Alarm, in.Cursor); err != nil {
			return nil, err
		}
		rows, more, err := a.Health.Alarms(ctx, f, in.Limit)
		if err != nil {
			return reached[*alarmsOutput](nil, err)
		}
		return &alarmsOutput{AlarmList{Alarms: views(rows, alarmView), NextCursor: following(rows, more, func(r health.Alarm) string { return r.ID })}}, nil
	})
	add(a, access{permission: merchant.OversightAct}, huma.Operation{
		OperationID: "acknowledgeAlarm", Method: http.MethodPost, Path: "/v1/operator/alarms/{id}/acknowledge", Tags: operatorTag,
		Summary: "Note that somebody has seen an alarm", Description: "One of an event is over with it; one of a state (HEALTH_) goes when its cause does.",
	}, func(ctx context.Context, in *alarmInput) (*alarmOutput, error) {
		who := act(ctx, in.Body.Reason)
		if err := who.Check(); err != nil {
			return nil, err
		}
		got, err := a.Health.Acknowledge(ctx, in.ID, who.Actor, strings.TrimSpace(in.Body.Reason),
			a.Oversight.Written(who, merchant.Tenant{}, "operator.alarm_acknowledged", in.ID, nil))
		if err != nil {
			return reached[*alarmOutput](nil, err)
		}
		return &alarmOutput{alarmView(got)}, nil
	})
}

func (a *API) showHealth(ctx context.Context, _ *struct{}) (*healthOutput, error) {
	out := Health{Status: string(health.OK), At: instant(a.now()), Checks: []HealthCheck{}}
	for _, c := range a.Health.Checks(ctx) {
		if c.Status == health.Fail || c.Status == health.Warn && out.Status == string(health.OK) {
			out.Status = string(c.Status)
		}
		out.Checks = append(out.Checks, HealthCheck{
			Area: string(c.Area), Name: c.Name, Status: string(c.Status), Message: c.Message, At: instant(c.At),
			Values: views(c.Values, func(v health.Value) HealthValue { return HealthValue{Name: v.Name, Value: v.Number, Unit: v.Unit} }),
		})
	}
	open, _, err := a.Health.Alarms(ctx, health.Filter{Open: true}, mostAlarms)
	if err != nil {
		return reached[*healthOutput](nil, err)
	}
	out.Alarms = len(open)
	return &healthOutput{out}, nil
}

func alarmView(r health.Alarm) Alarm {
	v := Alarm{
		ID: r.ID, Code: r.Code, Subject: r.Subject, Severity: string(r.Severity), Message: r.Message, State: "OPEN", Times: r.Times,
		RaisedAt: instant(r.RaisedAt), SeenAt: instant(r.SeenAt), ClearedAt: instant(r.ClearedAt), AcknowledgedAt: instant(r.AcknowledgedAt),
		AcknowledgedBy: r.AcknowledgedBy, Note: r.Note, ToldAt: instant(r.ToldRaised),
	}
	switch {
	case !r.ClearedAt.IsZero():
		v.State = "CLEARED"
	case !r.AcknowledgedAt.IsZero():
		v.State = "ACKNOWLEDGED"
	}
	return v
}
