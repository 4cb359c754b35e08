//go:build !tinygo

package jsoncodec

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// made are types that are made at random: each of these numbers always makes the same type.
const made = 2048

var madeTypes [made]reflect.Type

// typeOf returns a type of the tests.
func typeOf(n int) reflect.Type {
	n %= len(zoo) + made
	if n < len(zoo) {
		return zoo[n]
	}
	n -= len(zoo)
	if madeTypes[n] == nil {
		madeTypes[n] = makeType(&chooser{state: uint64(n) + 1}, 3)
	}
	return madeTypes[n]
}

// makeType returns a type of at most so many levels.
func makeType(c *chooser, levels int) reflect.Type {
	leaves := []reflect.Type{
		reflect.TypeFor[string](), reflect.TypeFor[bool](), reflect.TypeFor[int](), reflect.TypeFor[int8](), reflect.TypeFor[int32](),
		reflect.TypeFor[uint64](), reflect.TypeFor[uint16](), reflect.TypeFor[float64](), reflect.TypeFor[float32](), reflect.TypeFor[any](),
		reflect.TypeFor[json.Number](), reflect.TypeFor[time.Time](), reflect.TypeFor[[]byte](), reflect.TypeFor[json.RawMessage](),
		reflect.TypeFor[jsonInt](), reflect.TypeFor[textInt](), reflect.TypeFor[addressJSON](), reflect.TypeFor[Embedded](),
		reflect.TypeFor[map[string]any](), reflect.TypeFor[tree](), reflect.TypeFor[text](),
	}
	if levels == 0 || c.of(4) == 0 {
		return leaves[c.of(len(leaves))]
	}
	switch c.of(7) {
	case 0:
		return reflect.SliceOf(makeType(c, levels-1))
	case 1:
		return reflect.ArrayOf(c.of(4), makeType(c, levels-1))
	case 2:
		return reflect.MapOf([]reflect.Type{reflect.TypeFor[string](), reflect.TypeFor[int](), reflect.TypeFor[uint8](), reflect.TypeFor[textInt](), reflect.TypeFor[text]()}[c.of(5)], makeType(c, levels-1))
	case 3:
		return reflect.PointerTo(makeType(c, levels-1))
	}
	names := []string{"A", "B", "Ab", "AB", "Name", "VeryLongNameOfAField", "Sixteen_letters_", "K", "S", "É"}
	tags := []string{"", "", "", "a", "ab", "A", "name", "k", "ſ", "aNameLongerThanAllTheOthers", "-", "é"}
	var fields []reflect.StructField
	for _, name := range names {
		if c.of(2) == 0 {
			continue
		}
		tag := tags[c.of(len(tags))]
		typ := makeType(c, levels-1)
		for _, option := range []string{"omitempty", "omitzero", "string"} {
			if c.of(5) == 0 && (option != "string" || !onV2 || typ.NumMethod() == 0) {
				tag += "," + option
			}
		}
		fields = append(fields, reflect.StructField{Name: name, Type: typ, Tag: reflect.StructTag("json:" + strconv.Quote(tag))})
	}
	return reflect.StructOf(fields)
}

// chooser makes choices: from bytes, and when they are used up, from a generator of random numbers.
type chooser struct {
	bytes []byte
	state uint64
	// finite means that no number is NaN, which is not equal to itself.
	finite bool
}

// of returns a number below n.
func (c *chooser) of(n int) int {
	if len(c.bytes) > 0 && n <= 256 {
		b := c.bytes[0]
		c.bytes = c.bytes[1:]
		c.state = c.state*31 + uint64(b) + 1
		return int(b) % n
	}
	return int(c.number64() >> 1 % uint64(n))
}

func (c *chooser) number64() uint64 {
	c.state += 0x9E3779B97F4A7C15
	z := c.state
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

func (c *chooser) one(of ...string) string { return of[c.of(len(of))] }

// text returns JSON that is likely to fit the type, and is sometimes wrong.
func (c *chooser) text(t reflect.Type) []byte {
	b := c.value(nil, t, 0)
	b = append(c.space(nil), c.space(b)...)
	if c.of(6) > 0 {
		return b
	}
	for range 1 + c.of(2) {
		if len(b) == 0 {
			break
		}
		i := c.of(len(b))
		switch c.of(4) {
		case 0:
			b = b[:i]
		case 1:
			b = append(b[:i], b[i+1:]...)
		case 2:
			b[i] = byte(c.of(256))
		default:
			b = append(b[:i], append([]byte(c.one(`"`, `\`, `,`, `:`, `{`, `}`, `[`, `]`, "0", "e", ".", "-", "\xff", "\x1f", "null", " ")), b[i:]...)...)
		}
	}
	return b
}

func (c *chooser) space(b []byte) []byte {
	if c.of(8) > 0 {
		return b
	}
	return append(b, c.one(" ", "\n", "\t", "\r\n  ", "                 ")...)
}

func (c *chooser) value(b []byte, t reflect.Type, depth int) []byte {
	switch r := c.of(40); {
	case r == 0:
		return append(b, "null"...)
	case r == 1:
		t = zoo[c.of(len(zoo))] // something that does not fit
	case r == 2:
		t = reflect.TypeFor[any]()
	}
	if depth > 6 {
		return append(b, c.one("null", "1", `""`, "[]", "{}", "true")...)
	}
	switch t {
	case reflect.TypeFor[time.Time]():
		if !onV2 && c.of(10) == 0 {
			return append(b, `"2026-11-30T01:02:03\u005a"`...)
		}
		return append(b, c.one(`"2026-11-30T01:02:03Z"`, `"2026-11-30T01:02:03.123456789+01:30"`, `"2026-11-30T01:02:00.Z"`, `"2026-11-30T1:02:03Z"`, `"2026-11-30t01:02:03z"`, `"x"`, `1`, `"2026-02-30T01:02:03Z"`, `"0000-01-01T00:00:00Z"`)...)
	case reflect.TypeFor[json.Number]():
		if c.of(2) == 0 {
			return append(append(append(b, '"'), c.number()...), '"')
		}
		return append(b, c.number()...)
	case reflect.TypeFor[netip.Addr]():
		return append(b, c.one(`"1.2.3.4"`, `"::1"`, `""`, `"x"`)...)
	case reflect.TypeFor[json.RawMessage]():
		t = zoo[c.of(len(zoo))]
	}
	if c.of(30) == 0 {
		return append(b, c.one(`"AQID"`, `"AQI="`, `"A Q=="`, `"\n"`, `"12"`, `"true"`, `"null"`, `"\"a\""`, `"nul"`, `"1e3"`, `"007"`, `"-1"`, `"x"`, `"\"\\ud800\""`, `"\"a"`)...)
	}
	switch t.Kind() {
	case reflect.Bool:
		return append(b, c.one("true", "false", `"true"`)...)
	case reflect.String:
		return c.string(b)
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 && c.of(3) > 0 {
			return append(b, c.one(`"AQID"`, `"AQI="`, `"AQI"`, `"A\nQID"`, `"A-_D"`, `""`, `"AQIDBAUGBwgJCgsMDQ4P"`)...)
		}
		b = c.space(append(b, '['))
		for i := range c.of(5) {
			if i > 0 {
				b = c.space(append(c.space(b), ','))
			}
			b = c.value(b, t.Elem(), depth+1)
		}
		return append(c.space(b), ']')
	case reflect.Map:
		return c.object(b, func(b []byte) ([]byte, reflect.Type) {
			if t.Key().Kind() != reflect.String && c.of(8) > 0 {
				return append(append(append(b, '"'), c.one("0", "1", "-1", "127", "128", "255", "256", "-0", "01", "1.0", "99999999999999999999", "+1", "", "x")...), '"'), t.Elem()
			}
			return c.string(b), t.Elem()
		}, depth)
	case reflect.Struct:
		m := compiler{}.plan(t).members.list
		return c.object(b, func(b []byte) ([]byte, reflect.Type) {
			if len(m) == 0 || c.of(12) == 0 {
				return c.string(b), reflect.TypeFor[any]()
			}
			field := m[c.of(len(m))]
			name := field.name
			switch c.of(12) {
			case 0:
				name = strings.ToUpper(name)
			case 1:
				name = strings.ToLower(name)
			case 2:
				name = strings.NewReplacer("k", "\u212A", "K", "\u212A", "s", "\u017F", "S", "\u017F").Replace(name)
			case 3:
				name = fmt.Sprintf(`\u%04x`, name[0]) + name[1:]
			case 4:
				name += c.one("x", `\u0000`, " ", "é")
			}
			typ := field.plan.typ
			if field.quoted && c.of(4) > 0 {
				inner := c.value(nil, typ, depth+1)
				quoted, _ := json.Marshal(string(inner))
				b = append(append(append(b, '"'), name...), '"', ':')
				return append(b, quoted...), nil
			}
			return append(append(append(b, '"'), name...), '"'), typ
		}, depth)
	case reflect.Pointer:
		return c.value(b, t.Elem(), depth+1)
	case reflect.Interface:
		return c.value(b, []reflect.Type{reflect.TypeFor[string](), reflect.TypeFor[float64](), reflect.TypeFor[bool](), reflect.TypeFor[[]any](), reflect.TypeFor[map[string]any](), reflect.TypeFor[tree]()}[c.of(6)], depth+1)
	}
	return append(b, c.number()...)
}

// object writes an object. member writes a name and returns the type of its value, or nil if it has written that too.
func (c *chooser) object(b []byte, member func([]byte) ([]byte, reflect.Type), depth int) []byte {
	b = c.space(append(b, '{'))
	for i := range c.of(7) {
		if i > 0 {
			b = c.space(append(c.space(b), ','))
		}
		var t reflect.Type
		b, t = member(b)
		if t == nil {
			continue
		}
		b = c.space(append(c.space(b), ':'))
		b = c.value(b, t, depth+1)
	}
	return append(c.space(b), '}')
}

func (c *chooser) number() string {
	switch c.of(4) {
	case 0:
		return c.one("0", "-0", "1", "-1", "127", "128", "-128", "-129", "255", "256", "32767", "32768", "65535", "65536", "2147483647",
			"2147483648", "-2147483648", "-2147483649", "4294967295", "4294967296", "9007199254740991", "9007199254740993",
			"9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551615",
			"18446744073709551616", "99999999999999999999999", "16777217", "3.4028235e38", "3.4028236e38", "1e39", "1e308", "1.8e308", "1e400", "-1e400",
			"5e-324", "1e-400", "0.1", "1e23", "8.5e22", "1.0", "1e2", "1E+2", "0e0", "123456789012345678901234567890e-20", "0.000001", "1e-7", "1e21", "1e20", "13", "14", "7")
	case 1:
		return strconv.Itoa(c.of(1000) - 500)
	}
	digits := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = '0' + byte(c.of(10))
		}
		return string(b)
	}
	s := c.one("", "-") + c.one("0", "1", "9") // 0 followed by digits is wrong
	if s[len(s)-1] != '0' || c.of(20) == 0 {
		s += digits(c.of(22))
	}
	if c.of(2) == 0 {
		s += "." + digits(c.of(20))
	}
	if c.of(3) == 0 {
		s += c.one("e", "E") + c.one("", "+", "-") + digits(c.of(3))
	}
	return s
}

func (c *chooser) string(b []byte) []byte {
	b = append(b, '"')
	for range c.of(4) {
		switch c.of(8) {
		case 0:
			b = append(b, c.one(`\n`, `\"`, `\\`, `\/`, `\b`, `\f`, `\r`, `\t`, `\u0041`, `\u00e9`, `\u2028`, `\uD83C\uDF89`, `\ud83c`, `\udf89`, `\ud83c\ud83c\udf89`, `\ud83cx`, `\u0000`, `\ud83c\n`, `\uFFFD`)...)
		case 1:
			b = append(b, c.one("é", "日本語", "🎉", "\u2028", "\u2029", "\uFFFD", "<&>", "\x7f", "ſ", "K")...)
		case 2:
			if c.of(4) == 0 {
				b = append(b, c.one("\xff", "\xc3", "\xe2\x80", "\xf0\x9f\x8e", "\xed\xa0\x80", "\xc0\x80", "\x00", "\x1f", `\x`, `\u12`, "\t")...)
			}
		case 3:
			for range c.of(40) {
				b = append(b, 'a'+byte(c.of(26)))
			}
		default:
			b = append(b, c.one("a", "ab", "name", "A", "1234567", "12345678", "0123456789abcdef", "hello world", "x")...)
		}
	}
	return append(b, '"')
}
