package jsoncodec

import (
	"encoding"
	"reflect"
	"strconv"
	"unsafe"
)

// quoted decodes the next value into a field with the option "string": a string that holds the JSON of the value, or
// null.
func (d *decoder) quoted(p *plan, at unsafe.Pointer) bool {
	if d.at >= len(d.data) {
		return d.wrong(d.at, noValue)
	}
	start := d.at
	switch c := d.data[d.at]; c {
	case 'n':
		return d.value(p, at)
	case '"':
		text, ok := d.string()
		return ok && d.unquoted(p, at, text, start)
	default:
		tooLarge := false
		if valueName(c) == "number" {
			if !d.number() {
				return false
			}
			_, fits := d.asFloat()
			tooLarge = !fits
		} else if !d.skip() {
			return false
		}
		d.mismatches(p.typ, start, valueName(c), `the option "string" wants it in quotes`)
		if tooLarge { // encoding/json then takes it for null
			null := decoder{data: []byte("null"), root: d.root}
			ok := null.value(p, at)
			d.refused = null.refused
			return ok
		}
		return true
	}
}

// unquoted decodes the text in the quotes. It follows encoding/json, which also accepts some texts that are not JSON, such
// as 007.
func (d *decoder) unquoted(p *plan, at unsafe.Pointer, text string, start int) bool {
	mismatch := func() bool {
		d.mismatches(p.typ, start, "string", `in its quotes there is no value of that type, as the option "string" wants it`)
		return true
	}
	if text == "" {
		return mismatch()
	}
	c := text[0]
	typ := p.typ
	if p.kind == aPointer {
		if c == 'n' {
			if text != "null" {
				return mismatch()
			}
			*(*unsafe.Pointer)(at) = nil
			return true
		}
		if *(*unsafe.Pointer)(at) == nil {
			*(*unsafe.Pointer)(at) = reflect.New(p.elem.typ).UnsafePointer()
		}
		at = *(*unsafe.Pointer)(at)
		typ = p.elem.typ
	}
	refuse := func() bool {
		return d.refuse(d.typeError(p.typ, start, "string", `in its quotes there is no value of that type, as the option "string" wants it`))
	}
	if p.decodes == jsonMethod || p.decodes == textMethod && c != 'n' {
		receiver := reflect.NewAt(typ, at)
		if p.decodes == jsonMethod {
			if err := receiver.Interface().(unmarshaler).UnmarshalJSON([]byte(text)); err != nil {
				return d.refuse(err)
			}
			return true
		}
		if c != '"' {
			return mismatch()
		}
		inner, ok := unquote(text)
		if !ok {
			return refuse()
		}
		if err := receiver.Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(inner)); err != nil {
			return d.refuse(err)
		}
		return true
	}
	v := reflect.NewAt(typ, at).Elem()
	switch {
	case c == 'n':
		if text != "null" {
			return mismatch()
		}
	case c == 't' || c == 'f':
		if text != "true" && text != "false" || v.Kind() != reflect.Bool {
			return mismatch()
		}
		v.SetBool(c == 't')
	case c == '"':
		inner, ok := unquote(text)
		if !ok {
			return refuse()
		}
		if v.Kind() != reflect.String {
			return mismatch()
		}
		if planOf(typ).kind == aNumber && !isNumber(inner) {
			return refuse()
		}
		v.SetString(inner)
	case c != '-' && (c < '0' || c > '9'):
		return refuse()
	default:
		switch k := v.Kind(); {
		case reflect.Int <= k && k <= reflect.Int64:
			n, err := strconv.ParseInt(text, 10, typ.Bits())
			if err != nil {
				return mismatch()
			}
			v.SetInt(n)
		case reflect.Uint <= k && k <= reflect.Uintptr:
			n, err := strconv.ParseUint(text, 10, typ.Bits())
			if err != nil {
				return mismatch()
			}
			v.SetUint(n)
		case k == reflect.Float32 || k == reflect.Float64:
			n, err := strconv.ParseFloat(text, typ.Bits())
			if err != nil {
				return mismatch()
			}
			v.SetFloat(n)
		case planOf(typ).kind == aNumber:
			v.SetString(text)
		default:
			return refuse()
		}
	}
	return true
}

// unquote returns the text of a JSON string, or false if text is not one.
func unquote(text string) (string, bool) {
	d := decoder{data: []byte(text)}
	s, ok := d.string()
	return s, ok && d.at == len(text)
}
