package web_test

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"net/http"
	"strings"
	"testing"

	"innopay/internal/catalog/picture"
	"innopay/internal/catalog/table"
	"innopay/internal/grid"
)

func TestAProductsPicture(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	path := "/v1/products/" + r.goods(t, "물", 5)
	if p := r.to(http.MethodGet, path, nil).as(r.one).do().json(t); p["picture"] != nil {
		t.Errorf("%v", p)
	}
	if a := r.to(http.MethodGet, path+"/picture", nil).as(r.one).do(); code(t, a) != "PICTURE_NOT_FOUND" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	set := r.to(http.MethodPut, path+"/picture", photo(t)).as(r.one).do()
	if set.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", set.StatusCode, set.body)
	}
	urls, _ := set.json(t)["picture"].(map[string]any)
	for size, side := range map[string]int{"small": 8, "large": 8} {
		url := fmt.Sprint(urls[size])
		a := r.to(http.MethodGet, url, nil).as(r.one).do()
		m, err := jpeg.DecodeConfig(bytes.NewReader(a.body))
		if err != nil || m.Width != side || m.Height != side || a.Header.Get("Content-Type") != "image/jpeg" || a.Header.Get("X-Content-Type-Options") != "nosniff" ||
			a.Header.Get("Cache-Control") != "private, max-age=31536000, immutable" {
			t.Errorf("%s: %v, %v, %v", url, m, err, a.Header)
		}
		// Another version is not what the address names.
		old := strings.TrimSuffix(url, "v=2") + "v=1"
		if a := r.to(http.MethodGet, old, nil).as(r.one).do(); a.StatusCode != http.StatusOK || a.Header.Get("Cache-Control") != "private, no-cache" {
			t.Errorf("%s: %d %v", old, a.StatusCode, a.Header)
		}
		if a := r.to(http.MethodGet, url, nil).as(r.two).do(); a.StatusCode != http.StatusNotFound {
			t.Errorf("another merchant: %d", a.StatusCode)
		}
		if a := r.to(http.MethodGet, url, nil).do(); a.StatusCode != http.StatusUnauthorized {
			t.Errorf("nobody: %d", a.StatusCode)
		}
	}
	listed := r.to(http.MethodGet, "/v1/products", nil).as(r.one).do()
	if !bytes.Contains(listed.body, []byte(`"small":"/v1/products/`)) || !bytes.Contains(listed.body, []byte(`&v=2"`)) {
		t.Errorf("%s", listed.body)
	}
	if a := r.to(http.MethodDelete, path+"/picture", nil).as(r.one).do(); a.StatusCode != http.StatusOK || a.json(t)["picture"] != nil {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

func TestPicturesThatAreNone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	path := "/v1/products/" + r.goods(t, "물", 5) + "/picture"
	good := photo(t).content
	for name, c := range map[string]struct {
		file   any
		status int
		code   string
	}{
		"another type":     {file{"image/gif", good}, http.StatusUnsupportedMediaType, "UNSUPPORTED_FILE_TYPE"},
		"JSON":             {map[string]any{}, http.StatusUnsupportedMediaType, "UNSUPPORTED_FILE_TYPE"},
		"no type":          {file{"", good}, http.StatusUnsupportedMediaType, "UNSUPPORTED_FILE_TYPE"},
		"nothing":          {file{"image/png", nil}, http.StatusUnprocessableEntity, "INVALID_REQUEST"},
		"markup":           {file{"image/png", []byte("<svg onload=alert(1)>")}, http.StatusUnprocessableEntity, "INVALID_REQUEST"},
		"too large":        {file{"image/jpeg", make([]byte, picture.MaxFile+1)}, http.StatusRequestEntityTooLarge, "FILE_TOO_LARGE"},
		"as large as most": {file{"image/jpeg", make([]byte, picture.MaxFile)}, http.StatusUnprocessableEntity, "INVALID_REQUEST"},
	} {
		if a := r.to(http.MethodPut, path, c.file).as(r.one).do(); a.StatusCode != c.status || code(t, a) != c.code {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
	if a := r.to(http.MethodPut, path, file{"image/webp", good}).as(r.one).do(); a.StatusCode != http.StatusOK {
		t.Errorf("the picture says what it is: %d %s", a.StatusCode, a.body)
	}
}

func TestProductsGoOutAndComeBack(t *testing.T) {
	t.Parallel()
	r := newRig(t, unlimited)
	for _, name := range []string{"=HYPERLINK(1)", "물", "'차"} {
		r.goods(t, name, 5)
	}
	for _, f := range []grid.Format{grid.CSV, grid.XLSX} {
		out := r.to(http.MethodGet, "/v1/products/export?format="+string(f), nil).as(r.one).do()
		if out.StatusCode != http.StatusOK || out.Header.Get("Content-Type") != f.ContentType() || !strings.Contains(out.Header.Get("Content-Disposition"), "products-20260302."+string(f)) {
			t.Fatalf("%d %v", out.StatusCode, out.Header)
		}
		if f == grid.CSV && (!bytes.HasPrefix(out.body, []byte("\xEF\xBB\xBF상품명,")) || bytes.Contains(out.body, []byte("\r\n="))) {
			t.Errorf("%s", out.body)
		}
		back := r.to(http.MethodPost, "/v1/products/import?format="+string(f), file{strings.Split(f.ContentType(), ";")[0], out.body}).as(r.one).do()
		want := `{"imported":true,"rows":3,"created":0,"updated":0,"unchanged":3,"categories":0,"errors":[],"errorCount":0}`
		if strings.TrimSpace(string(back.body)) != want {
			t.Errorf("%s: %d %s", f, back.StatusCode, back.body)
		}
		empty := r.to(http.MethodGet, "/v1/products/export?template=true&format="+string(f), nil).as(r.one).do()
		if s, err := table.Read(f, empty.body); err != nil || len(s.Rows) != 0 || len(s.Columns) != len(table.Columns) {
			t.Errorf("%s: %+v, %v", f, s, err)
		}
		// Another merchant's file names products that are not there.
		foreign := r.to(http.MethodPost, "/v1/products/import?format="+string(f), file{"application/octet-stream", out.body}).as(r.two).do().json(t)
		if foreign["imported"] != false || foreign["errorCount"] != 3.0 {
			t.Errorf("%s: %v", f, foreign)
		}
	}
}

func TestAnImportWithBadRows(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	bad := file{"text/csv", []byte("상품명,가격\n물,백원\n차,100\n")}
	send := func(query, language string) reply {
		return r.to(http.MethodPost, "/v1/products/import?format=csv"+query, bad).as(r.one).header("Accept-Language", language).do()
	}
	a := send("", "ko")
	want := `{"imported":false,"rows":2,"created":1,"updated":0,"unchanged":0,"categories":0,` +
		`"errors":[{"row":2,"column":"price","heading":"가격","code":"INVALID_NUMBER","message":"가격을 숫자로 입력해 주세요.","value":"백원"}],"errorCount":1}`
	if a.StatusCode != http.StatusOK || strings.TrimSpace(string(a.body)) != want {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := send("&dryRun=true&partial=true", "en"); !bytes.Contains(a.body, []byte(`"imported":false`)) || !bytes.Contains(a.body, []byte("This is not a whole number.")) {
		t.Errorf("%s", a.body)
	}
	if p := r.to(http.MethodGet, "/v1/products", nil).as(r.one).do().json(t)["products"].([]any); len(p) != 0 {
		t.Errorf("written: %v", p)
	}
	for range 2 { // the second time it is there
		if a := send("&partial=true", "ko"); !bytes.Contains(a.body, []byte(`"imported":true`)) {
			t.Errorf("%s", a.body)
		}
	}
	if p := r.to(http.MethodGet, "/v1/products", nil).as(r.one).do().json(t)["products"].([]any); len(p) != 1 {
		t.Errorf("written: %v", p)
	}
	if a := r.to(http.MethodPost, "/v1/products/import?format=xlsx", bad).as(r.one).do(); a.StatusCode != http.StatusUnprocessableEntity || !bytes.Contains(a.body, []byte("UNREADABLE_FILE")) {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}
