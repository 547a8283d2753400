package api

import (
	"context"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/approval"
	"innopay/internal/merchant"
	"innopay/internal/notice"
	"innopay/internal/web/problem"
)

// NoticeRequest is what the operator writes.
type NoticeRequest struct {
	MerchantID string `json:"merchantId,omitempty" maxLength:"64" doc:"For one merchant; absent: for all"`
	Role       string `json:"role,omitempty" enum:"OWNER,STAFF" doc:"For these alone; absent: for both"`
	Title      string `json:"title" minLength:"1" maxLength:"100"`
	Body       string `json:"body" minLength:"1" maxLength:"5000" doc:"Plain text. A line that begins with \"# \" is a heading; https addresses are links"`
	Important  bool   `json:"important,omitempty" doc:"Stands on the home screen until it is read"`
	From       string `json:"from,omitempty" format:"date-time" doc:"When it begins; absent: now"`
	Until      string `json:"until,omitempty" format:"date-time" doc:"When it ends; absent: never"`
}

// NoticeChange is a notice written anew before it begins.
type NoticeChange struct {
	NoticeRequest
	Version int64 `json:"version" minimum:"1" doc:"As read; CHANGED_MEANWHILE when somebody was faster"`
}

// OperatorNotice is a notice as the operator has it.
type OperatorNotice struct {
	_           struct{} `additionalProperties:"true"`
	ID          string   `json:"id" example:"ntc_01ja2b3c4d5e6f7g8h9jakbmcn"`
	MerchantID  string   `json:"merchantId,omitempty"`
	Role        string   `json:"role,omitempty" enum:"OWNER,STAFF"`
	Title       string   `json:"title"`
	Body        string   `json:"body"`
	Important   bool     `json:"important"`
	From        string   `json:"from" format:"date-time"`
	Until       string   `json:"until,omitempty" format:"date-time"`
	Status      string   `json:"status" enum:"SCHEDULED,STANDING,ENDED,WITHDRAWN"`
	WithdrawnAt string   `json:"withdrawnAt,omitempty" format:"date-time"`
	CreatedAt   string   `json:"createdAt" format:"date-time"`
	Audience    int      `json:"audience" doc:"People it is for who may log in"`
	Readers     int      `json:"readers" doc:"Those of them who read it"`
	Version     int64    `json:"version"`
}

// OperatorNoticeList is a page of them.
type OperatorNoticeList struct {
	_          struct{}         `additionalProperties:"true"`
	Notices    []OperatorNotice `json:"notices" nullable:"false" doc:"Newest first"`
	NextCursor string           `json:"nextCursor,omitempty"`
}

// Notice is one as its reader has it.
type Notice struct {
	_         struct{} `additionalProperties:"true"`
	ID        string   `json:"id"`
	Title     string   `json:"title"`
	Body      string   `json:"body" doc:"Plain text. A line that begins with \"# \" is a heading; https addresses are links"`
	Important bool     `json:"important"`
	From      string   `json:"from" format:"date-time"`
	Until     string   `json:"until,omitempty" format:"date-time"`
	Read      bool     `json:"read" doc:"By the caller"`
}

// NoticeList is a page of the inbox.
type NoticeList struct {
	_          struct{} `additionalProperties:"true"`
	Notices    []Notice `json:"notices" nullable:"false" doc:"The one that began last first, at most 20"`
	Unread     int      `json:"unread" doc:"Of all"`
	NextCursor string   `json:"nextCursor,omitempty"`
}

type noticeInput struct{ Body NoticeRequest }

type noticeChangeInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body NoticeChange
}

type noticePath struct {
	ID string `path:"id" maxLength:"64"`
}

type reasonedPath struct {
	ID     string `path:"id" maxLength:"64"`
	Reason string `query:"reason" required:"true" minLength:"1" maxLength:"200" doc:"Why; stands in the audit log"`
}

type pageInput struct {
	Cursor string `query:"cursor" maxLength:"200" doc:"nextCursor of the page before"`
}

type operatorNoticeOutput struct{ Body OperatorNotice }

type operatorNoticesOutput struct{ Body OperatorNoticeList }

type noticesOutput struct{ Body NoticeList }

func (a *API) registerNotices() {
	own, desk := []string{"Notices"}, []string{"Operator"}
	add(a, access{permission: merchant.NoticeRead}, huma.Operation{
		OperationID: "listNotices", Method: http.MethodGet, Path: "/v1/notices", Tags: own, Summary: "Notices of the operator for the caller",
	}, a.listNotices)
	add(a, access{permission: merchant.NoticeRead, exists: a.hasNotice}, huma.Operation{
		OperationID: "readNotice", Method: http.MethodPost, Path: "/v1/notices/{id}/read", DefaultStatus: http.StatusNoContent, Tags: own,
		Summary: "Note that the caller read it",
	}, func(ctx context.Context, in *noticePath) (*struct{}, error) {
		_, err := reached(struct{}{}, a.Notices.MarkRead(ctx, person(ctx), in.ID))
		return nil, err
	})
	add(a, access{permission: merchant.NoticeManage}, huma.Operation{
		OperationID: "listAllNotices", Method: http.MethodGet, Path: "/v1/operator/notices", Tags: desk, Summary: "Every notice, and how far it came",
	}, a.listAllNotices)
	add(a, access{permission: merchant.NoticeManage}, huma.Operation{
		OperationID: "writeNotice", Method: http.MethodPost, Path: "/v1/operator/notices", DefaultStatus: http.StatusCreated, Tags: desk, Summary: "Write a notice",
	}, func(ctx context.Context, in *noticeInput) (*operatorNoticeOutput, error) {
		d, err := in.Body.draft()
		if err != nil {
			return nil, err
		}
		n, err := reached(a.Notices.Write(ctx, principal(ctx).UserID, notice.Target{MerchantID: in.Body.MerchantID}, d))
		if err != nil {
			return nil, err
		}
		return a.noticeOf(ctx, n.ID)
	})
	add(a, access{permission: merchant.NoticeManage}, huma.Operation{
		OperationID: "editNotice", Method: http.MethodPut, Path: "/v1/operator/notices/{id}", Tags: desk, Summary: "Write a notice anew before it begins",
	}, func(ctx context.Context, in *noticeChangeInput) (*operatorNoticeOutput, error) {
		d, err := in.Body.draft()
		if err != nil {
			return nil, err
		}
		n, err := reached(a.Notices.Edit(ctx, principal(ctx).UserID, in.ID, in.Body.Version, notice.Target{MerchantID: in.Body.MerchantID}, d))
		if err != nil {
			return nil, err
		}
		return a.noticeOf(ctx, n.ID)
	})
	add(a, access{permission: merchant.NoticeManage}, huma.Operation{
		OperationID: "withdrawNotice", Method: http.MethodDelete, Path: "/v1/operator/notices/{id}", DefaultStatus: http.StatusNoContent, Tags: desk,
		Summary: "Take a notice back", Description: "Also after it began. It stays in the operator's list.",
	}, func(ctx context.Context, in *reasonedPath) (*struct{}, error) {
		if err := approval.CheckReason(in.Reason); err != nil {
			return nil, err
		}
		_, err := reached(struct{}{}, a.Notices.Withdraw(ctx, principal(ctx).UserID, in.ID, in.Reason))
		return nil, err
	})
}

// hasNotice reports whether it stands for the caller.
func (a *API) hasNotice(ctx context.Context, _ merchant.Tenant, noticeID string) error {
	_, err := reached(a.Notices.Open(ctx, person(ctx), noticeID))
	return err
}

// person is the caller as a reader of notices.
func person(ctx context.Context) notice.Person {
	p := principal(ctx)
	return notice.Person{Tenant: p.Tenant, UserID: p.UserID, Role: p.Role}
}

func (r NoticeRequest) draft() (notice.Draft, error) {
	d := notice.Draft{Role: merchant.Role(r.Role), Title: r.Title, Body: strings.ReplaceAll(r.Body, "\r\n", "\n"), Important: r.Important}
	var err error
	if d.From, err = timeOf("/from", r.From); err != nil {
		return d, err
	}
	d.Until, err = timeOf("/until", r.Until)
	return d, err
}

// timeOf reads a time; nothing is the zero time.
func timeOf(path, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || t.Year() < 2000 || t.Year() > 2100 {
		return time.Time{}, problem.InvalidField(path, problem.WrongFormat)
	}
	return t.Truncate(time.Microsecond), nil
}

func (a *API) listNotices(ctx context.Context, in *pageInput) (*noticesOutput, error) {
	after, err := noticePosition(in.Cursor)
	if err != nil {
		return nil, err
	}
	var unread int
	ns, err := reached(func() (ns []notice.Read, err error) {
		ns, unread, err = a.Notices.Inbox(ctx, person(ctx), after)
		return ns, err
	}())
	if err != nil {
		return nil, err
	}
	out := NoticeList{Notices: make([]Notice, 0, len(ns)), Unread: unread}
	for _, n := range ns {
		out.Notices = append(out.Notices, Notice{
			ID: n.ID, Title: n.Title, Body: n.Body, Important: n.Important, From: instant(n.From), Until: instant(n.Until), Read: !n.ReadAt.IsZero(),
		})
	}
	if len(ns) == notice.Page {
		last := ns[len(ns)-1]
		out.NextCursor = encodeCursor(strconv.FormatInt(clock.Micros(last.From), 10) + "/" + last.ID)
	}
	return &noticesOutput{out}, nil
}

// noticePosition reads a cursor of the inbox.
func noticePosition(cursor string) (notice.Position, error) {
	if cursor == "" {
		return notice.Position{}, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	text, ok := strings.CutPrefix(string(b), cursorForm)
	at, last, parted := strings.Cut(text, "/")
	micros, wrong := strconv.ParseInt(at, 10, 64)
	if err != nil || !ok || !parted || wrong != nil || micros <= 0 || !id.Valid(id.Notice, last) {
		return notice.Position{}, problem.InvalidField("/cursor", "INVALID_CURSOR")
	}
	return notice.Position{From: clock.FromMicros(micros), ID: last}, nil
}

func (a *API) listAllNotices(ctx context.Context, in *pageInput) (*operatorNoticesOutput, error) {
	before, err := decodeCursor(id.Notice, in.Cursor)
	if err != nil {
		return nil, err
	}
	ns, err := reached(a.Notices.List(ctx, before, notice.Page))
	if err != nil {
		return nil, err
	}
	out := OperatorNoticeList{Notices: make([]OperatorNotice, 0, len(ns))}
	for _, n := range ns {
		one, err := a.noticeOf(ctx, n.ID)
		if err != nil {
			return nil, err
		}
		out.Notices = append(out.Notices, one.Body)
	}
	if len(ns) == notice.Page {
		out.NextCursor = encodeCursor(ns[len(ns)-1].ID)
	}
	return &operatorNoticesOutput{out}, nil
}

// noticeOf is a notice with its figures.
func (a *API) noticeOf(ctx context.Context, noticeID string) (*operatorNoticeOutput, error) {
	var f notice.Figures
	n, err := reached(func() (n notice.Notice, err error) {
		n, f, err = a.Notices.Get(ctx, noticeID)
		return n, err
	}())
	if err != nil {
		return nil, err
	}
	status, now := "STANDING", a.now()
	switch {
	case !n.Withdrawn.IsZero():
		status = "WITHDRAWN"
	case n.From.After(now):
		status = "SCHEDULED"
	case !n.Until.IsZero() && !n.Until.After(now):
		status = "ENDED"
	}
	return &operatorNoticeOutput{OperatorNotice{
		ID: n.ID, MerchantID: n.MerchantID, Role: string(n.Role), Title: n.Title, Body: n.Body, Important: n.Important,
		From: instant(n.From), Until: instant(n.Until), Status: status, WithdrawnAt: instant(n.Withdrawn), CreatedAt: instant(n.CreatedAt),
		Audience: f.Audience, Readers: f.Readers, Version: n.Version,
	}}, nil
}
