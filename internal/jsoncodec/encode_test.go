//go:build !tinygo

package jsoncodec

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestMarshal has the rules that the documentation of json.Marshal states. Each is also compared with json.Marshal.
func TestMarshal(t *testing.T) {
	seven := 7
	type empties struct {
		A int            `json:"a,omitempty"`
		B []int          `json:"b,omitempty"`
		C map[string]int `json:"c,omitempty"`
		D *int           `json:"d,omitempty"`
		E time.Time      `json:"e,omitzero"`
		F []int          `json:"f,omitzero"`
	}
	for name, tt := range map[string]struct {
		v    any
		want string
	}{
		"nil":           {nil, `null`},
		"a nil pointer": {(*int)(nil), `null`},
		"nil slices and maps": {struct {
			A []int
			B map[string]int
		}{}, `{"A":null,"B":null}`},
		"empty slices and maps": {struct {
			A []int
			B map[string]int
		}{[]int{}, map[string]int{}}, `{"A":[],"B":{}}`},
		"HTML stays":               {"<a&b>", `"<a&b>"`},
		"line separators":          {"a\u2028\u2029", `"a\u2028\u2029"`},
		"control characters":       {"\x00\x1f\b\f\n\r\t\"\\/\x7f", "\"\\u0000\\u001f\\b\\f\\n\\r\\t\\\"\\\\/\x7f\""},
		"bytes that are not UTF-8": {"a\xffé\xe6", `"a\ufffdé\ufffd"`},
		"a long text":              {strings.Repeat("0123456789", 50) + "\"" + strings.Repeat("é", 50), `"` + strings.Repeat("0123456789", 50) + `\"` + strings.Repeat("é", 50) + `"`},
		"keys are sorted":          {map[string]int{"b": 1, "a": 2, "ab": 3}, `{"a":2,"ab":3,"b":1}`},
		"integers as keys":         {map[int]int{10: 1, 9: 2}, `{"10":1,"9":2}`},
		"texts as keys":            {map[textInt]int{5: 1}, `{"<\ufffd5>":1}`},
		"bytes":                    {[]byte{1, 2, 3}, `"AQID"`},
		"an array of bytes":        {[2]byte{1, 2}, `[1,2]`},
		"numbers":                  {[]float64{0, math.Copysign(0, -1), 1, -1.5, 0.1, 1e20, 1e21, 1e-6, 1e-7, 123456789012345680, 0.001, 1234.125, 5e-324, math.MaxFloat64}, `[0,-0,1,-1.5,0.1,100000000000000000000,1e+21,0.000001,1e-7,123456789012345680,0.001,1234.125,5e-324,1.7976931348623157e+308]`},
		"short numbers":            {[]float32{0.1, 16777216, 3.4028235e38, 1e-7}, `[0.1,16777216,3.4028235e+38,1e-7]`},
		"options":                  {empties{}, `{}`},
		"options, not empty":       {empties{1, []int{0}, map[string]int{"": 0}, &seven, time.Unix(0, 0).UTC(), []int{}}, `{"a":1,"b":[0],"c":{"":0},"d":7,"e":"1970-01-01T00:00:00Z","f":[]}`},
		"the option string": {struct {
			A int    `json:",string"`
			B string `json:",string"`
			C *bool  `json:",string"`
		}{5, "a\"<", nil}, `{"A":"5","B":"\"a\\\"<\"","C":null}`},
		"methods of a value":    {[]jsonInt{3}, `[{"n":3,"text":" <a> \u2028 "}]`},
		"methods of an address": {&addressJSON{5}, `5`},
		"no address":            {addressJSON{5}, `{"N":5}`},
		"no address in a map":   {map[string]addressJSON{"a": {5}}, `{"a":{"N":5}}`},
		"an address in a slice": {[]addressJSON{{5}}, `[5]`},
		"text methods":          {textInt(5), `"<\ufffd5>"`},
		"JSON before text":      {&mixed{}, `"json"`},
		"a nil marshaler":       {struct{ A json.Marshaler }{}, `{"A":null}`},
		"embedded structs":      {embedding{Embedded: Embedded{1, "x", 2}, Deep: Deep{F: "f"}}, `{"A":1,"b":"x","deep":{"A":0,"b":"","c":0,"F":"f"},"G":0,"h":"","B":0}`},
		"a tag wins":            {tagWins{Tagged{1}, Untagged{2}}, `{"Value":1}`},
		"a json.Number":         {[]json.Number{"", "1.50"}, `[0,1.50]`},
		"raw JSON is compacted": {json.RawMessage(` { "a" : [ 1 , "b c" ] } `), `{"a":[1,"b c"]}`},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Marshal(tt.v)
			if err != nil || string(got) != tt.want {
				t.Errorf("got %s, %v; want %s", got, err, tt.want)
			}
			compareMarshal(t, tt.v)
		})
	}
}

// TestMarshalErrors checks values that have no JSON form.
func TestMarshalErrors(t *testing.T) {
	for want, v := range map[string]any{
		"a chan int has no JSON form":                                                                                         make(chan int),
		"a func() has no JSON form":                                                                                           []any{func() {}},
		"a complex128 has no JSON form":                                                                                       complex(1, 2),
		"a float64 has no JSON form: NaN is not a number of JSON":                                                             math.NaN(),
		"a float32 has no JSON form: +Inf is not a number of JSON":                                                            float32(math.Inf(1)),
		"a json.Number has no JSON form: its text is not a number":                                                            json.Number("s3cret"),
		"a map[float64]int has no JSON form: its keys are neither texts nor integers":                                         map[float64]int{1: 1},
		"a jsoncodec.jsonInt has no JSON form: its MarshalJSON failed: 13 is refused":                                         jsonInt(13),
		"a jsoncodec.jsonInt has no JSON form: its MarshalJSON did not return JSON: syntax error at byte 9: expected a value": jsonInt(14),
		"a jsoncodec.textInt has no JSON form: its MarshalText failed: 13 is refused":                                         textInt(13),
		"a map[jsoncodec.textInt]int has no JSON form: the MarshalText of a key failed: 13 is refused":                        map[textInt]int{13: 1},
	} {
		b, err := Append([]byte("before"), v)
		problem, ok := errors.AsType[*ValueError](err)
		if !ok || err.Error() != want || string(b) != "before" {
			t.Errorf("got %v, %q; want %s", err, b, want)
			continue
		}
		if strings.Contains(want, "refused") && problem.Unwrap() == nil {
			t.Errorf("%v does not wrap the method's error", err)
		}
		if _, err, ok := standard(v); err == nil && ok && !onV2 {
			t.Errorf("encoding/json encodes %#v", v)
		}
	}
}

// TestAppend checks that earlier results do not change, though memory is used again.
func TestAppend(t *testing.T) {
	first, err := Marshal([]string{"a", "b"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Marshal([]string{"c", "d", "e"}); err != nil || string(first) != `["a","b"]` {
		t.Errorf("got %s, %v", first, err)
	}
	b, err := Append([]byte("x"), 5)
	if err != nil || string(b) != "x5" {
		t.Errorf("got %s, %v", b, err)
	}
}

// TestMembersOfEachLength encodes short members with a special character at each place, and numbers of each length.
func TestMembersOfEachLength(t *testing.T) {
	type value struct {
		Text string `json:"text"`
		Int  int    `json:"i"`
		Long int64  `json:"aKeyOf13Char"`
		Bool bool   `json:"b"`
	}
	for n := range 70 {
		plain := strings.Repeat("0123456789", 7)[:n]
		compareMarshal(t, value{Text: plain})
		for i := range n {
			for _, special := range []string{`"`, `\`, "\n", "\x00", "\x7f", "é", "\xff", "\u2028", "<"} {
				compareMarshal(t, value{Text: plain[:i] + special + plain[i+1:]})
			}
		}
	}
	for power := int64(1); power < 1e18; power *= 10 {
		for _, n := range []int64{power - 1, power, power + 1, 5 * power, -power} {
			compareMarshal(t, []value{{Int: int(n), Long: n, Bool: n > 0}})
		}
	}
	for n := range uint64(1e8) / 97 {
		word, size := digits8(n * 97)
		if got := string(binary.LittleEndian.AppendUint64(nil, word)[:size]); got != strconv.FormatUint(n*97, 10) {
			t.Fatalf("%d became %s", n*97, got)
		}
	}
}
