package grid

import (
	"context"
	"errors"
	"strconv"
	"time"

	"innopay/fault"
)

// Wrong is one wrong value of a row.
type Wrong struct {
	Row     int    // in the file, from 1
	Column  Column // empty: the row as a whole
	Code    string // stable, UPPER_SNAKE
	Message string // Korean
	Value   string // what stands there, cut
}

// ErrBusy is when as many files are read as the memory allows; nothing was done.
var ErrBusy = fault.New(fault.Unavailable, "BUSY", "요청이 몰려 처리하지 못했어요. 잠시 후 다시 시도해 주세요.")

const (
	mostReading = 2 // files at once in one process
	readingWait = 10 * time.Second
)

// reading has one place for each file that is read; memory is the process's.
var reading = make(chan struct{}, mostReading)

// Open is Read for what people send: few at once, and a file that is no table is an
// Invalid fault about the body as a whole. It returns ErrBusy when too many are read.
func (l Layout) Open(ctx context.Context, f Format, file []byte) (Sheet, error) {
	wait, cancel := context.WithTimeout(ctx, readingWait)
	defer cancel()
	select {
	case reading <- struct{}{}:
		defer func() { <-reading }()
	case <-wait.Done():
		return Sheet{}, ErrBusy.WithRetryAfter(2 * time.Second)
	}
	sheet, err := l.Read(f, file)
	if err == nil {
		return sheet, nil
	}
	return Sheet{}, fileFault(err)
}

// fileFault is a file that is no table, as people are told.
func fileFault(err error) error {
	at := ""
	if row, ok := errors.AsType[*RowError](err); ok {
		at = strconv.Itoa(row.Row) + "번째 줄부터 "
	}
	wrong := func(code, message string) error { return fault.InvalidField("", code, message).Because(err) }
	switch {
	case errors.Is(err, ErrEncoding):
		return wrong("INVALID_ENCODING", "글자를 읽을 수 없어요. UTF-8 또는 CP949(EUC-KR)로 저장해 주세요.")
	case errors.Is(err, ErrNoHeadings):
		return wrong("NO_HEADINGS", "첫 줄에서 열 이름을 찾지 못했어요. 양식 파일의 첫 줄을 그대로 써 주세요.")
	case errors.Is(err, ErrTwice):
		return wrong("DUPLICATE", "같은 열이 두 번 있어요. 하나만 남겨 주세요.")
	case errors.Is(err, ErrTooManyRows):
		return wrong("TOO_MANY", "한 파일에 5,000줄까지 넣을 수 있어요. 나누어 올려 주세요.")
	case errors.Is(err, ErrTooWide):
		return wrong("TOO_LARGE", "열이 너무 많아요. 양식의 열만 남겨 주세요.")
	}
	return wrong("UNREADABLE_FILE", at+"파일을 읽을 수 없어요. XLSX 또는 CSV로 다시 저장해 주세요.")
}
