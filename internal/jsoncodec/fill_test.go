//go:build !tinygo

package jsoncodec

import (
	"encoding/json"
	"errors"
	"math/big"
	"net/netip"
	"reflect"
	"strconv"
	"time"
)

// fill sets v, which is addressable, to a value by chance.
func (c *chooser) fill(v reflect.Value, depth int) {
	t := v.Type()
	if depth > 5 {
		return
	}
	switch t {
	case reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Unix(int64(c.number64()>>24)-1<<39, int64(c.of(1e9))).In(time.FixedZone("", c.of(100_000)-50_000))))
		return
	case reflect.TypeFor[json.Number]():
		v.SetString(c.one("", c.number(), c.number(), "x", "1x"))
		return
	case reflect.TypeFor[json.RawMessage]():
		if c.of(4) > 0 {
			v.SetBytes(c.text(zoo[c.of(len(zoo))]))
		}
		return
	case reflect.TypeFor[big.Int](), reflect.TypeFor[netip.Addr]():
		return
	}
	switch k := t.Kind(); k {
	case reflect.Bool:
		v.SetBool(c.of(2) == 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(c.integer())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		v.SetUint(uint64(c.integer()))
	case reflect.Float32, reflect.Float64:
		f, _ := strconv.ParseFloat(c.number(), 64)
		if c.of(50) == 0 && !c.finite {
			f, _ = strconv.ParseFloat(c.one("NaN", "Inf", "-Inf"), 64)
		}
		v.SetFloat(f)
	case reflect.String:
		s := c.string(nil)
		if c.of(2) == 0 {
			var out string
			_ = json.Unmarshal(s, &out)
			s = []byte(out)
		}
		v.SetString(string(s))
	case reflect.Slice:
		if c.of(4) == 0 {
			return
		}
		v.Set(reflect.MakeSlice(t, c.of(4), 6))
		for i := range v.Len() {
			c.fill(v.Index(i), depth+1)
		}
	case reflect.Array:
		for i := range v.Len() {
			c.fill(v.Index(i), depth+1)
		}
	case reflect.Map:
		if c.of(4) == 0 {
			return
		}
		v.Set(reflect.MakeMap(t))
		if t.Key().Kind() == reflect.Float64 {
			return // NaN is not equal to itself
		}
		for range c.of(4) {
			key, elem := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
			c.fill(key, depth+1)
			c.fill(elem, depth+1)
			v.SetMapIndex(key, elem)
		}
	case reflect.Pointer:
		if c.of(3) > 0 {
			v.Set(reflect.New(t.Elem()).Convert(t))
			c.fill(v.Elem(), depth+1)
		}
	case reflect.Interface:
		if c.of(4) == 0 {
			return
		}
		if t.NumMethod() > 0 {
			for _, held := range []any{zeroValue(7), zeroValue(8), &zeroAddress{7}, (*zeroAddress)(nil), jsonInt(3), time.Second, errors.New("x")}[c.of(7):] {
				if reflect.TypeOf(held).Implements(t) {
					v.Set(reflect.ValueOf(held))
					return
				}
			}
			return
		}
		inner := reflect.New(typeOf(c.of(len(zoo) + made)))
		c.fill(inner.Elem(), depth+1)
		if c.of(3) > 0 {
			inner = inner.Elem()
		}
		if inner.IsValid() && inner.Kind() != reflect.Interface {
			v.Set(inner)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() && c.of(4) > 0 {
				c.fill(v.Field(i), depth+1)
			}
		}
	}
}

func (c *chooser) integer() int64 {
	switch c.of(3) {
	case 0:
		return int64(c.of(20)) - 5
	case 1:
		return int64(c.number64())
	}
	return int64(1)<<c.of(64) - int64(c.of(2))
}
