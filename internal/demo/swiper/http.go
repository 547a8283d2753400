package swiper

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"innopay/card/reader"
	"innopay/fault"
	"innopay/internal/demo"
	"innopay/simulated"
)

// Path is below which the readers are.
const Path = "/simulator/reader"

// Options are what the readers stand on.
type Options struct {
	Devices *Devices
	Cards   []demo.Card // those in the drawer, by their index
	// Token is asked for with every request; empty on loopback (rulings 17).
	Token   string
	Answers simulated.Web
	// Next serves every other address of the simulators.
	Next http.Handler
}

const maxBody = 4 << 10

// New serves the readers and hands everything else to o.Next. Safe for concurrent use.
func New(o Options) http.Handler {
	own := http.NewServeMux()
	own.HandleFunc("POST "+Path+"/swipe", o.swipe)
	own.HandleFunc(Path+"/swipe", o.Answers.NotAllowed)
	own.HandleFunc(Path+"/", o.Answers.NotFound)
	o.Answers.HandleFaults(own, Path+"/faults", o.Devices.script)
	mux := http.NewServeMux()
	mux.Handle("/", o.Next)
	mux.HandleFunc(Path+"/", func(w http.ResponseWriter, r *http.Request) {
		if !o.allows(r) {
			w.Header().Set("WWW-Authenticate", "Bearer")
			o.Answers.Fail(w, http.StatusUnauthorized, "UNAUTHENTICATED", "시뮬레이터 토큰이 필요해요.")
			return
		}
		own.ServeHTTP(w, r)
	})
	return mux
}

// allows compares the bearer token in constant time.
func (o Options) allows(r *http.Request) bool {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return o.Token == "" || ok && subtle.ConstantTimeCompare([]byte(token), []byte(o.Token)) == 1
}

// request is a card drawn through a reader.
type request struct {
	Card      json.RawMessage `json:"card"`      // index of a test card, or a number as text
	Format    reader.Format   `json:"format"`    // empty: MAGTEK
	Transport Transport       `json:"transport"` // empty: KEYBOARD
	Chip      bool            `json:"chip"`      // the stripe says that the card has a chip
}

var errRequest = fault.New(fault.Invalid, "INVALID_SWIPE", "카드와 형식을 확인해 주세요.")

func (o Options) swipe(w http.ResponseWriter, r *http.Request) {
	var in request
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	d.DisallowUnknownFields()
	err := d.Decode(&in)
	if _, end := d.Token(); err != nil || !errors.Is(end, io.EOF) {
		o.Answers.Fail(w, http.StatusBadRequest, "MALFORMED", "요청을 읽을 수 없어요. JSON 형식을 확인해 주세요.")
		return
	}
	out, err := o.draw(in)
	if err != nil {
		o.Answers.Refuse(w, err)
		return
	}
	o.Answers.Encode(w, http.StatusOK, out)
}

func (o Options) draw(in request) (Swiped, error) {
	if in.Format == "" {
		in.Format = reader.MagTek
	}
	if in.Transport == "" {
		in.Transport = Keyboard
	}
	if !in.Format.Known() {
		return Swiped{}, errRequest.WithField("/format", "FORMAT", "MAGTEK, IDTECH 가운데 하나를 넣어 주세요.")
	}
	if in.Transport != Keyboard && in.Transport != HID {
		return Swiped{}, errRequest.WithField("/transport", "TRANSPORT", "KEYBOARD, HID 가운데 하나를 넣어 주세요.")
	}
	card, ok := o.card(in.Card)
	if !ok {
		return Swiped{}, errRequest.WithField("/card", "CARD", "시험 카드의 순번이나 13~19자리 카드번호를 넣어 주세요.")
	}
	if card.service = withoutChip; in.Chip {
		card.service = withChip
	}
	return o.Devices.swipe(card, in.Format, in.Transport)
}

// otherDate is what a card has that is none of the test cards.
const otherDate = "3512"

// card finds a test card by its index or number, or makes one of a number.
func (o Options) card(raw json.RawMessage) (stripe, bool) {
	var index int
	if json.Unmarshal(raw, &index) == nil && len(raw) > 0 && raw[0] != 'n' {
		if index < 0 || index >= len(o.Cards) {
			return stripe{}, false
		}
		return striped(o.Cards[index]), true
	}
	var number string
	if json.Unmarshal(raw, &number) != nil || len(number) < 13 || len(number) > 19 || strings.Trim(number, "0123456789") != "" {
		return stripe{}, false
	}
	for _, c := range o.Cards {
		if c.Number == number {
			return striped(c), true
		}
	}
	return stripe{number: number, yymm: otherDate}, true
}

func striped(c demo.Card) stripe { return stripe{number: c.Number, yymm: c.ExpiryYear + c.ExpiryMonth} }
