package remote

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"testing"

	josejson "github.com/go-jose/go-jose/v4/json"
)

func TestUnmarshal(t *testing.T) {
	many := func(last string) string {
		text := "{"
		for i := range 100 {
			text += `"n` + strconv.Itoa(i) + `":1,`
		}
		return text + last + "}"
	}
	for _, tt := range []struct {
		name, text string
		want       string // the value of the name "a"
		ok         bool
	}{
		{"a text", `{"a":"b"}`, "b", true},
		{"spaces", " {\t\"a\" : \"b\"\r\n} ", "b", true},
		{"other members around it", `{"x":{"a":"no"},"a":"b","y":[{"a":"no"},"a",1,true,false,null]}`, "b", true},
		{"null", `{"a":null}`, "", true},
		{"another case", `{"A":"b"}`, "", true},
		{"null instead of an object", `null`, "", true},
		{"escapes", `{"a":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"}`, "\"\\/\b\f\n\r\té😀", true},
		{"an escape in a name", `{"\u0061":"b"}`, "b", true},
		{"half a pair", `{"a":"\ud83dx"}`, "\ufffdx", true},
		{"two first halves", `{"a":"\ud83d\ud83d"}`, "\ufffd\ufffd", true},
		{"half a pair before another escape", `{"a":"\ud83d\n"}`, "\ufffd\n", true},
		{"numbers", `{"x":[0,-0,10,1.5,-1.5e+3,1E9,2e-7],"a":"b"}`, "b", true},
		{"many names", many(`"a":"b"`), "b", true},
		{"nested to the limit", `{"x":` + strings.Repeat("[", maxDepth-1) + strings.Repeat("]", maxDepth-1) + `,"a":"b"}`, "b", true},

		{"empty", ``, "", false},
		{"a list", `[]`, "", false},
		{"a text alone", `"a"`, "", false},
		{"a number instead of a string", `{"a":1}`, "", false},
		{"a name twice", `{"a":"b","a":"b"}`, "", false},
		{"a name twice, once escaped", `{"a":"b","\u0061":"b"}`, "", false},
		{"a name twice among many", many(`"n3":1`), "", false},
		{"the last of many twice", many(`"z":1,"z":2`), "", false},
		{"trailing data", `{"a":"b"}{}`, "", false},
		{"a comma at the end", `{"a":"b",}`, "", false},
		{"a comma at the start", `{,"a":"b"}`, "", false},
		{"a comma in a list", `{"x":[1,]}`, "", false},
		{"no comma", `{"a":"b" "c":1}`, "", false},
		{"no comma in a list", `{"x":[1 2]}`, "", false},
		{"no colon", `{"a" "b"}`, "", false},
		{"no quotes", `{a:"b"}`, "", false},
		{"not closed", `{"a":"b"`, "", false},
		{"a list not closed", `{"x":[`, "", false},
		{"closed as a list", `{"x":1]`, "", false},
		{"text not closed", `{"a":"b}`, "", false},
		{"text that ends in a backslash", `{"a":"b\`, "", false},
		{"unknown escape", `{"a":"\x"}`, "", false},
		{"short escape", `{"a":"\u00e"}`, "", false},
		{"escape with a sign", `{"a":"\u+0e9"}`, "", false},
		{"half a pair and a short escape", `{"a":"\ud83d\u12"}`, "", false},
		{"line break in a text", "{\"a\":\"b\nc\"}", "", false},
		{"line break in a text with escapes", "{\"a\":\"\\t\nc\"}", "", false},
		{"a zero byte in a text that is skipped", "{\"x\":\"b\x00\"}", "", false},
		{"not UTF-8", "{\"a\":\"\xff\"}", "", false},
		{"a zero in front", `{"x":01}`, "", false},
		{"a sign alone", `{"x":-}`, "", false},
		{"a plus", `{"x":+1}`, "", false},
		{"a point at the end", `{"x":1.}`, "", false},
		{"an empty exponent", `{"x":1e}`, "", false},
		{"half a word", `{"x":tru}`, "", false},
		{"a word too long", `{"x":nulls}`, "", false},
		{"too deep", `{"x":` + strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth) + `}`, "", false},
		{"too deep by names", strings.Repeat(`{"x":`, maxDepth+1) + "1" + strings.Repeat("}", maxDepth+1), "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var v struct {
				A string `json:"a"`
			}
			ok := unmarshal([]byte(tt.text), &v) == nil
			got := v.A
			if ok != tt.ok || ok && got != tt.want {
				t.Errorf("got %q, success %v; want %q, %v", got, ok, tt.want, tt.ok)
			}
			if ok && !json.Valid([]byte(tt.text)) {
				t.Error("unmarshal accepted text that encoding/json does not accept as JSON")
			}
		})
	}
}

// FuzzReadClaims compares parseClaims with go-jose, another strict reader. If parseClaims accepts claims, go-jose must
// read the same ones.
func FuzzReadClaims(f *testing.F) {
	for _, changes := range []object{
		nil, {"aud": []string{testApp}}, {"icLabel": "orange", "principal": nil}, {"context": nil}, {"context": object{"extension": nil}},
		{"principal": "\u2028<é😀\t\""}, {"app": fitApp(object{"license": object{"active": true, "modes": []string{"a"}, "trialEndDate": 7}})},
		{"app": fitApp(object{"installation": object{"contexts": []any{nil, object{}}}})},
	} {
		f.Add(toJSON(fitClaims(changes)))
	}
	f.Add(`{"context":{"icLabel":"a"},"principal":"icLabel", "icLabel" : "orange","exp":1}`)
	f.Add(`{"exp":1.8e9,"jti":"\ud83d\u0061","app":{"id":"\/"}}`)
	f.Fuzz(func(t *testing.T, payload string) {
		got, err := parseClaims([]byte(payload))
		if err != nil {
			if got != nil {
				t.Error("parseClaims returned claims and an error")
			}
			return
		}
		var want Claims
		if err := josejson.Unmarshal([]byte(payload), &want); err != nil {
			t.Fatalf("accepted %q, which go-jose refuses: %v", payload, err)
		}
		var dates struct {
			Exp *float64 `json:"exp"`
			Nbf *float64 `json:"nbf"`
			Iat *float64 `json:"iat"`
		}
		if err := josejson.Unmarshal([]byte(payload), &dates); err != nil {
			t.Fatalf("accepted %q, which go-jose refuses: %v", payload, err)
		}
		if dates.Exp == nil || got.ExpiresAt.UnixMilli() != int64(*dates.Exp*1000) || (dates.Nbf == nil) != got.NotBefore.IsZero() || (dates.Iat == nil) != got.IssuedAt.IsZero() {
			t.Errorf("%q: dates %v, %v, %v", payload, got.ExpiresAt, got.NotBefore, got.IssuedAt)
		}
		same := *got
		same.registered, same.Raw = registered{}, nil
		same.ExpiresAt, same.NotBefore, same.IssuedAt = want.ExpiresAt, want.NotBefore, want.IssuedAt
		if !reflect.DeepEqual(emptyLists(same), emptyLists(want)) {
			t.Errorf("%q\nours    %+v\ngo-jose %+v", payload, same, want)
		}
		if label := labelOf([]byte(payload)); label != got.ICLabel && !strings.Contains(payload, `\`) {
			t.Errorf("%q: labelOf returns %q, but icLabel is %q", payload, label, got.ICLabel)
		}
		if string(got.Raw) != payload {
			t.Errorf("Raw is %q; want %q", got.Raw, payload)
		}
	})
}

// emptyLists replaces empty lists, so that an empty list and no list compare as equal.
func emptyLists(c Claims) Claims {
	if len(c.App.Installation.Contexts) == 0 {
		c.App.Installation.Contexts = nil
	}
	if c.App.License != nil && len(c.App.License.Modes) == 0 {
		c.App.License.Modes = nil
	}
	if c.Context != nil && string(c.Context.Extension.Raw) == "null" {
		c.Context.Extension.Raw = nil
	}
	return c
}
