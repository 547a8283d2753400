package merchant_test

import (
	"slices"
	"strings"
	"testing"

	"innopay/internal/grid"
	"innopay/internal/merchant"
)

const eventHead = "카드사,개월,최소금액,시작일,종료일\n"

// took imports a table of everybody's events.
func (r *rig) took(t *testing.T, in merchant.InterestFreeImport) merchant.InterestFreeReport {
	t.Helper()
	report, err := r.registry.ImportInterestFree(r.ctx, "test", merchant.TenantOf(""), in)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestEventsAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for row, want := range map[string][]int{
		"신한,2~3,,2026-11-01,2026-11-30": {2, 3}, "신한카드,\"2,3,6\",50000,2026.11.1,20261130": {2, 3, 6}, "41,2-4개월,\"50,000원\",2026/11/01,2026년 11월 30일": {2, 3, 4},
		"KB국민,12,1,46327,46356": {12}, "국민?,2,1,2026-11-01,2026-11-30": nil, "신한,1,1,2026-11-01,2026-11-30": nil, "신한,2~13,1,2026-11-01,2026-11-30": nil,
		"신한,2,0,2026-11-01,2026-11-30": nil, "신한,2,1,2026-11-31,2026-12-30": nil, "신한,2,1,2026-11-30,2026-11-01": nil, "신한,,1,2026-11-01,2026-11-30": nil,
	} {
		r := newRig(t)
		report := r.took(t, merchant.InterestFreeImport{Format: grid.CSV, File: []byte(eventHead + row)})
		if (want == nil) != (report.ErrorCount > 0) || report.Done != (want != nil) {
			t.Errorf("%s: %+v", row, report)
			continue
		}
		got, err := r.registry.InterestFreeOf(r.ctx, merchant.TenantOf(""))
		if want != nil && (err != nil || len(got) != 1 || !slices.Equal(got[0].Months, want) || got[0].From != "2026-11-01" || got[0].Until != "2026-11-30") {
			t.Errorf("%s: %+v, %v", row, got, err)
		}
	}
}

func TestARowTwiceIsToldOf(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	row := "신한,2,1,2026-11-01,2026-11-30\n"
	report := r.took(t, merchant.InterestFreeImport{Format: grid.CSV, File: []byte(eventHead + row + row), Partial: true})
	if report.Added != 1 || report.ErrorCount != 1 || report.Errors[0].Code != "DUPLICATE" || report.Errors[0].Row != 3 {
		t.Errorf("%+v", report)
	}
}

// FuzzInterestFree: a row that nothing is wrong with is an event that may stand.
func FuzzInterestFree(f *testing.F) {
	f.Add(false, []byte(eventHead+"신한,2~3,50000,2026-11-01,2026-11-30\n"))
	f.Add(true, []byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, workbook bool, file []byte) {
		format := grid.CSV
		if workbook {
			format = grid.XLSX
		}
		sheet, err := merchant.InterestFreeTable.Read(format, file)
		if err != nil {
			return
		}
		for _, row := range sheet.Rows {
			wrong, err := merchant.EventOf(row)
			if (err == nil) != (len(wrong) == 0) {
				t.Errorf("%v: %v, %v", row.Cells, wrong, err)
			}
			for _, e := range wrong {
				if strings.ContainsAny(e.Value, "\x00\n") {
					t.Errorf("%+q is told", e.Value)
				}
			}
		}
	})
}
