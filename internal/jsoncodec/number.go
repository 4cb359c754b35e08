package jsoncodec

import (
	"encoding/binary"
	"math"
	"math/bits"
	"strconv"
	"unsafe"
)

// numeral is a number as it was read: ±digits × 10^exponent.
type numeral struct {
	start, end int
	digits     uint64
	exponent   int
	negative   bool
	// whole means that there is neither a fraction nor an exponent.
	whole bool
	// exact means that digits and exponent are right: the number has at most 19 digits, and its exponent is short.
	exact bool
}

// number reads the number at d.at into d.numeral.
func (d *decoder) number() bool {
	data, i := d.data, d.at
	n := numeral{start: i, whole: true}
	if data[i] == '-' {
		n.negative = true
		i++
	}
	first := i
	var digits uint64
	for ; i < len(data); i++ {
		c := data[i] - '0'
		if c > 9 {
			break
		}
		digits = 10*digits + uint64(c)
	}
	count := i - first
	if count == 0 {
		wrong := noDigit
		if first == d.at {
			wrong = noValue
		}
		return d.wrong(i, wrong)
	}
	if data[first] == '0' && count > 1 {
		return d.wrong(first+1, noEnd)
	}
	if i < len(data) && (data[i] == '.' || data[i]|0x20 == 'e') {
		n.whole = false
		if data[i] == '.' {
			i++
			first = i
			for ; i < len(data); i++ {
				c := data[i] - '0'
				if c > 9 {
					break
				}
				digits = 10*digits + uint64(c)
			}
			if i == first {
				return d.wrong(i, noDigit)
			}
			count += i - first
			n.exponent = first - i
		}
		if i < len(data) && data[i]|0x20 == 'e' {
			i++
			minus := i < len(data) && data[i] == '-'
			if minus || i < len(data) && data[i] == '+' {
				i++
			}
			first = i
			exponent := 0
			for ; i < len(data) && data[i]-'0' < 10; i++ {
				if exponent < 10_000 {
					exponent = 10*exponent + int(data[i]-'0')
				}
			}
			if i == first {
				return d.wrong(i, noDigit)
			}
			if minus {
				exponent = -exponent
			}
			n.exponent += exponent
		}
	}
	n.digits = digits
	n.exact = count <= 19 // 19 digits always fit into 64 bits
	n.end = i
	d.numeral = n
	d.at = i
	return true
}

// shortInt decodes an integer of at most seven digits, if one is next and a comma, a brace or a bracket follows. Most are like that.
// Otherwise it reads nothing and returns false.
func (d *decoder) shortInt(at unsafe.Pointer) bool {
	data, i := d.data, d.at
	if i+8 > len(data) {
		return false
	}
	w := binary.LittleEndian.Uint64(data[i:]) ^ '0'*ones
	others := (w + (0x80-10)*ones | w) & highs // the lowest of these marks is certain
	size := bits.TrailingZeros64(others) / 8
	if size == 0 || size == 8 || size > 1 && w&0xFF == 0 {
		return false
	}
	if end := data[i+size]; end != ',' && end != '}' && end != ']' {
		return false
	}
	// The digits become the last of eight. Then neighbours are added, three times.
	w <<= 64 - 8*size
	w = (w*10 + w>>8) & (0xFF * 0x0001_0001_0001_0001)
	w = (w*100 + w>>16) & (0xFFFF * 0x0000_0001_0000_0001)
	*(*int64)(at) = int64((w*10_000 + w>>32) & 0xFFFF_FFFF)
	d.at = i + size
	return true
}

// shortFloat decodes a number of at most 17 characters without an exponent, if one is next. Most are like that. Otherwise it
// reads nothing and returns false.
func (d *decoder) shortFloat(at unsafe.Pointer) bool {
	if len(d.data)-d.at < shortFloatRoom {
		return false
	}
	data, i := (*[shortFloatRoom]byte)(d.data[d.at:]), 0
	if data[0] == '-' {
		i = 1
	}
	first, fraction := i, 0
	digits := uint64(0)
	for ; i < shortFloatRoom; i++ {
		c := data[i] - '0'
		if c > 9 {
			if data[i] != '.' || fraction > 0 {
				break
			}
			fraction = i + 1
			continue
		}
		digits = 10*digits + uint64(c)
	}
	if i == first || i == shortFloatRoom || data[i]|0x20 == 'e' || data[i] == '.' || i == fraction || fraction == first+1 ||
		data[first] == '0' && i-first > 1 && fraction != first+2 || digits>>53 != 0 {
		return false
	}
	f := float64(digits) // as in asFloat, both are exact
	if fraction > 0 {
		f /= powers[i-fraction]
	}
	if data[0] == '-' {
		f = -f
	}
	*(*float64)(at) = f
	d.at += i
	return true
}

// shortFloatRoom is 17 characters and the one behind them.
const shortFloatRoom = 18

// shortBool decodes true or false, if one of them is next. Otherwise it reads nothing and returns false.
func (d *decoder) shortBool(at unsafe.Pointer) bool {
	data, i := d.data, d.at
	if i+8 > len(data) {
		return false
	}
	w := binary.LittleEndian.Uint64(data[i:])
	switch {
	case w&0xFFFF_FFFF == trueWord:
		d.at = i + 4
		*(*bool)(at) = true
	case w&0xFF_FFFF_FFFF == falseWord:
		d.at = i + 5
		*(*bool)(at) = false
	default:
		return false
	}
	return true
}

// numberText returns the text of the number that was read. It shares the memory of the JSON.
func (d *decoder) numberText() string {
	return sharedString(d.data[d.numeral.start:d.numeral.end])
}

// asInt returns the number as an integer with this number of bits.
func (d *decoder) asInt(bits int) (int64, bool) {
	n := &d.numeral
	if !n.whole || !n.exact { // with 20 digits and no leading zero it is too large
		return 0, false
	}
	limit := uint64(1) << (bits - 1)
	if n.negative {
		return -int64(n.digits), n.digits <= limit
	}
	return int64(n.digits), n.digits < limit
}

// asUint returns the number as an unsigned integer with this number of bits.
func (d *decoder) asUint(bits int) (uint64, bool) {
	n := &d.numeral
	if !n.whole || n.negative {
		return 0, false
	}
	if !n.exact {
		v, err := strconv.ParseUint(d.numberText(), 10, bits)
		return v, err == nil
	}
	return n.digits, bits == 64 || n.digits>>bits == 0
}

// asFloat returns the number as a float64.
func (d *decoder) asFloat() (float64, bool) {
	n := &d.numeral
	// Both the digits and the power are exact as float64, so one operation rounds correctly.
	if n.exact && n.digits < 1<<53 && -22 <= n.exponent && n.exponent <= 22 {
		f := float64(n.digits)
		switch {
		case n.exponent > 0:
			f *= powers[n.exponent]
		case n.exponent < 0:
			f /= powers[-n.exponent]
		}
		if n.negative {
			f = -f
		}
		return f, true
	}
	f, err := strconv.ParseFloat(d.numberText(), 64)
	return f, err == nil
}

// asFloat32 returns the number as a float32. Rounding a float64 again could round in the wrong direction.
func (d *decoder) asFloat32() (float32, bool) {
	n := &d.numeral
	if n.exact && n.digits < 1<<24 && n.exponent == 0 {
		f := float32(n.digits)
		if n.negative {
			f = -f
		}
		return f, true
	}
	f, err := strconv.ParseFloat(d.numberText(), 32)
	return float32(f), err == nil
}

var powers = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// isNumber reports whether text is a number of JSON.
func isNumber(text string) bool {
	end, wrong := skipNumber(unsafe.Slice(unsafe.StringData(text), len(text)), 0)
	return wrong == "" && end == len(text)
}

// appendFloat appends a number as JavaScript does. It is not infinite.
func appendFloat(b []byte, f float64, bits int) []byte {
	size := math.Abs(f)
	if size < 1e15 && f == math.Trunc(f) && (f != 0 || !math.Signbit(f)) && bits == 64 {
		return strconv.AppendInt(b, int64(f), 10)
	}
	format := byte('f')
	if size != 0 && (bits == 64 && (size < 1e-6 || size >= 1e21) || bits == 32 && (float32(size) < 1e-6 || float32(size) >= 1e21)) {
		format = 'e'
	}
	b = strconv.AppendFloat(b, f, format, -1, bits)
	if n := len(b); format == 'e' && n >= 4 && b[n-4] == 'e' && b[n-3] == '-' && b[n-2] == '0' {
		b[n-2] = b[n-1] // e-09 becomes e-9
		b = b[:n-1]
	}
	return b
}

// digits8 returns the decimal digits of v, which is below 10^8, as the lowest bytes of a word, and how many they are.
func digits8(v uint64) (uint64, int) {
	// The digits are split in halves, three times. A multiplication and a shift divide, because divisions are slow.
	high := v * 109951163 >> 40 // v / 10000
	w := high | (v-high*10_000)<<32
	q := w * 10486 >> 20 & (0x7F<<32 | 0x7F) // each half / 100
	w = q | (w-q*100)<<16
	q = w * 103 >> 10 & 0x000F_000F_000F_000F // each quarter / 10
	w = q | (w-q*10)<<8
	zeros := bits.TrailingZeros64(w|1<<56) &^ 7 // at least one digit stays
	return (w + '0'*ones) >> zeros, 8 - zeros/8
}

// shortNumberRoom is a sign, eight digits, a point and a word.
const shortNumberRoom = 1 + 8 + 1 + 8

// shortNumber writes f into room, which has shortNumberRoom bytes, as JavaScript does. It returns how many bytes that are, or 0
// if f has more than eight digits before the point or three after it.
func shortNumber(room []byte, f float64) int {
	size := math.Abs(f)
	whole := math.Trunc(size)
	if !(whole < 1e8) || f == 0 && math.Signbit(f) {
		return 0
	}
	n := 0
	if f < 0 {
		room[0] = '-'
		n = 1
	}
	high := uint64(whole)
	word, count := digits8(high)
	binary.LittleEndian.PutUint64(room[n:], word)
	n += count
	if size == whole {
		return n
	}
	for digits := 1; digits <= 3; digits++ {
		// If scaled÷power is f, the two are the shortest text for f: both are exact, so the division rounds as reading the
		// text does, and texts of at most 15 digits are all different numbers.
		power := powers[digits]
		if scaled := math.RoundToEven(size * power); scaled/power == size {
			word, _ = digits8(uint64(scaled) - high*uint64(power) + uint64(power)) // 1 and the digits after the point
			binary.LittleEndian.PutUint64(room[n:], word&^0xFF|'.')
			return n + 1 + digits
		}
	}
	return 0
}

// numeric decodes a number.
func (d *decoder) numeric(p *plan, at unsafe.Pointer) bool {
	start := d.at
	if !d.number() {
		return false
	}
	ok := false
	var n int64
	var u uint64
	switch p.kind {
	case anInt, anInt64:
		bits := 64
		if p.size == 4 {
			bits = 32
		}
		if n, ok = d.asInt(bits); ok {
			if p.size == 4 {
				*(*int32)(at) = int32(n)
			} else {
				*(*int64)(at) = n
			}
		}
	case aFloat64:
		var f float64
		if f, ok = d.asFloat(); ok {
			*(*float64)(at) = f
		}
	case aFloat32:
		var f float32
		if f, ok = d.asFloat32(); ok {
			*(*float32)(at) = f
		}
	case anInt32:
		if n, ok = d.asInt(32); ok {
			*(*int32)(at) = int32(n)
		}
	case anInt16:
		if n, ok = d.asInt(16); ok {
			*(*int16)(at) = int16(n)
		}
	case anInt8:
		if n, ok = d.asInt(8); ok {
			*(*int8)(at) = int8(n)
		}
	case aUint, aUint64:
		bits := 64
		if p.size == 4 {
			bits = 32
		}
		if u, ok = d.asUint(bits); ok {
			if p.size == 4 {
				*(*uint32)(at) = uint32(u)
			} else {
				*(*uint64)(at) = u
			}
		}
	case aUint32:
		if u, ok = d.asUint(32); ok {
			*(*uint32)(at) = uint32(u)
		}
	case aUint16:
		if u, ok = d.asUint(16); ok {
			*(*uint16)(at) = uint16(u)
		}
	case aUint8:
		if u, ok = d.asUint(8); ok {
			*(*uint8)(at) = uint8(u)
		}
	case aNumber:
		*(*string)(at) = d.keep(d.data[start:d.at])
		return true
	default:
		d.mismatches(p.typ, start, "number", "")
		return true
	}
	if !ok {
		d.mismatches(p.typ, start, "number", "it does not fit")
	}
	return true
}

// numberInQuotes decodes a string into a json.Number.
func (d *decoder) numberInQuotes(p *plan, at unsafe.Pointer) bool {
	start := d.at
	s, ok := d.string()
	if !ok {
		return false
	}
	if !isNumber(s) {
		return d.refuse(d.typeError(p.typ, start, "string", "it is not a number"))
	}
	*(*string)(at) = s
	return true
}
