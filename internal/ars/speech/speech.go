// Package speech is what the telephone line says: the ids of the prompts, their texts
// and recordings, and amounts and numbers read as Korean.
//
// prompts.tsv is the source of truth: an id and its text a line. tools/prompts makes
// the recordings that are built into the program; a house with studio recordings puts
// files of the same names into a folder of its own.
package speech

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
)

// Clip is the id of one recording: a sentence or a word.
type Clip string

// The sentences.
const (
	Greet            Clip = "greet"
	Code             Clip = "code"
	CodeUnknown      Clip = "code_unknown"
	CodeEnded        Clip = "code_ended"
	CodeBarred       Clip = "code_barred"
	Busy             Clip = "busy"
	Amount           Clip = "amount"
	AmountChoice     Clip = "amount_choice"
	Consent          Clip = "consent"
	Card             Clip = "card"
	CardWrong        Clip = "card_wrong"
	Expiry           Clip = "exp"
	ExpiryWrong      Clip = "exp_wrong"
	Birth            Clip = "birth"
	Password         Clip = "pin2"
	Installment      Clip = "inst"
	InstallmentWrong Clip = "inst_wrong"
	ConfirmCard      Clip = "confirm_card"
	ConfirmAmount    Clip = "confirm_amount"
	ConfirmLump      Clip = "confirm_lump"
	ConfirmMonths    Clip = "confirm_inst"
	Months           Clip = "months"
	Confirm          Clip = "confirm"
	Paying           Clip = "pay"
	Hold             Clip = "hold" // music
	Approved         Clip = "ok"
	ApprovalNumber   Clip = "approval"
	Is               Clip = "is"
	Thanks           Clip = "thanks"
	Declined         Clip = "declined"
	DeclinedLimit    Clip = "declined_limit"
	DeclinedExpiry   Clip = "declined_expiry"
	DeclinedPassword Clip = "declined_password"
	OtherCard        Clip = "other_card"
	NoInput          Clip = "no_input"
	BadInput         Clip = "bad_input"
	TooMany          Clip = "too_many"
	ResultByText     Clip = "result_text"
	Closed           Clip = "closed"
	ByeCancel        Clip = "bye_cancel"
	Bye              Clip = "bye"
)

// The words of numbers. Zero has two: it is read one way in an amount and the other in
// a card number or an approval number.
const (
	zeroAmount Clip = "n0"
	zeroDigit  Clip = "k0"
	won        Clip = "won"
	wonIs      Clip = "won_is"
)

// sentences are the ids of above.
var sentences = []Clip{
	Greet, Code, CodeUnknown, CodeEnded, CodeBarred, Busy, Amount, AmountChoice, Consent, Card, CardWrong,
	Expiry, ExpiryWrong, Birth, Password, Installment, InstallmentWrong, ConfirmCard, ConfirmAmount,
	ConfirmLump, ConfirmMonths, Months, Confirm, Paying, Hold, Approved, ApprovalNumber, Is, Thanks, Declined,
	DeclinedLimit, DeclinedExpiry, DeclinedPassword, OtherCard, NoInput, BadInput, TooMany, ResultByText,
	Closed, ByeCancel, Bye,
}

// Clips lists every id that the line can say, the names of merchants left out.
func Clips() []Clip {
	return slices.Concat(sentences, digits[:], []Clip{zeroDigit}, places[1:], groups[1:], []Clip{won, wonIs})
}

//go:embed prompts.tsv
var table string

// texts are the sentences of the table by id.
var texts = mustTexts(table)

// music begins the text of a clip that is played and not spoken.
const music = "♪"

// Text is what the clips say, for a screen: the virtual phone shows it. A clip that the
// table does not know, such as the name of a merchant, is left out.
func Text(clips []Clip) string {
	var out strings.Builder
	joined := false // the clip before was such a word
	for _, c := range clips {
		text := texts[c]
		if strings.HasPrefix(text, music) {
			text = music
		}
		if text == "" {
			continue
		}
		// The words of one number are written without a space between them.
		if out.Len() > 0 && (!joined || !word(c)) {
			out.WriteByte(' ')
		}
		out.WriteString(text)
		joined = word(c)
	}
	return out.String()
}

// word reports whether the clip is part of a number.
func word(c Clip) bool {
	return c == Is || c == Months || c == won || c == wonIs || c == zeroDigit ||
		slices.Contains(digits[:], c) || slices.Contains(places[:], c) || slices.Contains(groups[:], c)
}

// parseTexts reads the table.
func parseTexts(table string) (map[Clip]string, error) {
	out := map[Clip]string{}
	for line := range strings.Lines(table) {
		id, text, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !ok || id == "" || text == "" || out[Clip(id)] != "" {
			return nil, fmt.Errorf("speech: prompts.tsv has a bad line or a second %q", id)
		}
		out[Clip(id)] = text
	}
	return out, nil
}

// mustTexts panics: the table is built in, and a test reads it.
func mustTexts(table string) map[Clip]string {
	out, err := parseTexts(table)
	if err != nil {
		panic(err)
	}
	return out
}
