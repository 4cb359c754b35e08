//go:build !tinygo

//lint:file-ignore SA5008 Some tags are wrong on purpose.
//lint:file-ignore U1000 Some fields are unused on purpose.

package jsoncodec

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/netip"
	"reflect"
	"strconv"
	"time"
)

// The types of the tests. Each shows one rule of encoding/json.

type scalars struct {
	String  string
	Bool    bool
	Int     int
	Int8    int8
	Int16   int16
	Int32   int32
	Int64   int64
	Uint    uint
	Uint8   uint8
	Uint16  uint16
	Uint32  uint32
	Uint64  uint64
	Uintptr uintptr
	Float32 float32
	Float64 float64
	Number  json.Number
	Any     any
}

type tagged struct {
	A          string `json:"a"`
	LongerName string `json:"aNameThatIsLongerThanTwoWords,omitempty"`
	Exactly13  int    `json:"thirteen_char"`
	Exactly14  int    `json:"fourteen_chars"`
	Exactly6   int    `json:"sixsix"`
	Exactly5   int    `json:"five5"`
	Skipped    string `json:"-"`
	Dash       string `json:"-,"`
	Punctuated string `json:"$%-/"`
	Foreign    string `json:"Straße"`
	Greek      string `json:"ΣΊΣΥΦΟΣ"`
	Kelvin     string `json:"kelvins"`
	NoName     string `json:",omitempty"`
	Spaced     string `json:" a b "`
	hidden     string
	Lower      string `json:"UPPER"`
	Upper      string `json:"upper"`
}

type options struct {
	Bool      bool              `json:",omitempty"`
	Int       int               `json:",omitempty"`
	Float     float64           `json:",omitempty"`
	String    string            `json:",omitempty"`
	Number    json.Number       `json:",omitempty"`
	Pointer   *int              `json:",omitempty"`
	Slice     []int             `json:",omitempty"`
	Map       map[string]int    `json:",omitempty"`
	Array     [2]int            `json:",omitempty"`
	Empty     [0]int            `json:",omitempty"`
	Struct    struct{ A int }   `json:",omitempty"`
	Any       any               `json:",omitempty"`
	Time      time.Time         `json:",omitempty"`
	ZeroTime  time.Time         `json:",omitzero"`
	ZeroInt   int               `json:",omitzero"`
	ZeroSlice []int             `json:",omitzero"`
	ZeroArray [2]int            `json:",omitzero"`
	ZeroBoth  []int             `json:",omitzero,omitempty"`
	ByValue   zeroValue         `json:",omitzero"`
	ByAddress zeroAddress       `json:",omitzero"`
	ByPointer *zeroAddress      `json:",omitzero"`
	ByIface   isZeroer          `json:",omitzero"`
	AnyZero   any               `json:",omitzero"`
	Strings   map[string]string `json:",omitempty"`
}

type zeroValue int

func (z zeroValue) IsZero() bool { return z == 7 }

type zeroAddress struct{ N int }

func (z *zeroAddress) IsZero() bool { return z.N == 7 }

type quotedFields struct {
	Bool    bool        `json:",string"`
	Int     int         `json:",string"`
	Int8    int8        `json:"i8,string"`
	Uint16  uint16      `json:",string"`
	Float32 float32     `json:",string"`
	Float64 float64     `json:",string,omitempty"`
	String  string      `json:",string"`
	Number  json.Number `json:",string"`
	Pointer *int        `json:",string"`
	Text    *string     `json:",string"`
	Twice   **int       `json:",string"`
	Slice   []int       `json:",string"`
	Struct  struct{}    `json:",string"`
}

// jsonInt has methods of encoding/json: one of the value, one of the address.
type jsonInt int

func (n jsonInt) MarshalJSON() ([]byte, error) {
	switch n {
	case 13:
		return nil, errors.New("13 is refused")
	case 14:
		return []byte(`{"not": JSON}`), nil
	}
	return []byte(fmt.Sprintf(` { "n" : %d , "text": " <a> \u2028 " } `, int(n))), nil
}

func (n *jsonInt) UnmarshalJSON(text []byte) error {
	*n = jsonInt(len(text))
	if string(text) == "13" {
		return errors.New("13 is refused")
	}
	return nil
}

// addressJSON can be encoded only where it has an address.
type addressJSON struct{ N int }

func (a *addressJSON) MarshalJSON() ([]byte, error) {
	return strconv.AppendInt(nil, int64(a.N), 10), nil
}

func (a *addressJSON) UnmarshalJSON(text []byte) (err error) {
	a.N, err = strconv.Atoi(string(text))
	return err
}

type textInt int

func (n textInt) MarshalText() ([]byte, error) {
	if n == 13 {
		return nil, errors.New("13 is refused")
	}
	return []byte("<\xff" + strconv.Itoa(int(n)) + ">"), nil
}

func (n *textInt) UnmarshalText(text []byte) error {
	*n = textInt(len(text))
	if string(text) == "refused" {
		return errors.New("refused")
	}
	return nil
}

type addressText struct{ S string }

func (a *addressText) MarshalText() ([]byte, error) { return []byte(a.S), nil }
func (a *addressText) UnmarshalText(b []byte) error { a.S = string(b); return nil }

// mixed has JSON for its address and text for its value.
type mixed struct{ N int }

func (m *mixed) MarshalJSON() ([]byte, error) { return []byte(`"json"`), nil }
func (m mixed) MarshalText() ([]byte, error)  { return []byte("text"), nil }

type methods struct {
	JSON       jsonInt
	JSONPtr    *jsonInt
	Addr       addressJSON
	AddrPtr    *addressJSON
	Text       textInt
	TextPtr    *textInt
	AddrText   addressText
	Mixed      mixed
	List       []addressJSON
	Array      [2]addressJSON
	Map        map[string]addressJSON
	Texts      map[string]addressText
	Mixeds     map[string]mixed
	TwicePtr   **jsonInt
	Marshaler  json.Marshaler
	Big        *big.Int
	Addrs      []netip.Addr
	AnonPtr    *struct{ time.Time }
	Time       time.Time
	Times      []time.Time
	TimePtr    *time.Time
	MapOfTimes map[string]time.Time
}

type namedPointer *jsonInt

type Embedded struct {
	A int
	B string `json:"b"`
	C int    `json:"c"`
}

type Other struct {
	C int `json:"c"`
	D int
	E *int
}

type Deep struct {
	Embedded
	F string
}

type unexported struct {
	G int
	H string `json:"h"`
}

type UnexportedPtr struct {
	*unexported
	I int
}

type embedding struct {
	Embedded
	*Other
	Deep `json:"deep"`
	unexported
	B int
}

type embeddedTwice struct {
	*Deep
	Left
	Right
}

type (
	Left      struct{ Common }
	Right     struct{ Common }
	Common    struct{ X, Y int }
	Named     int
	embedKind struct {
		Named
		unnamed
		fmt.Stringer
		Y int
	}
	unnamed int
)

type tagWins struct {
	Tagged
	Untagged
}

type Tagged struct {
	V int `json:"Value"`
}

type Untagged struct{ Value int }

type tree struct {
	Name     string           `json:"name"`
	Children []tree           `json:"children,omitempty"`
	Next     *tree            `json:"next,omitempty"`
	By       map[string]*tree `json:"by,omitempty"`
}

type (
	list    []list
	table   map[string]table
	bytesOf []byte
	smallB  byte
	text    string
)

type bytesFields struct {
	B     []byte
	Named bytesOf
	Of    []smallB
	Array [4]byte
	Raw   json.RawMessage
	Raws  []json.RawMessage
	Ptr   *json.RawMessage
	Ints  []uint8 `json:"ints,omitempty"`
	Texts []addressByte
}

type addressByte uint8

func (a *addressByte) MarshalText() ([]byte, error) { return []byte{'a' + byte(*a)%26}, nil }

type mapsOf struct {
	Any    map[string]any
	String map[string]string
	Int    map[int]string
	Int8   map[int8]int
	Uint16 map[uint16]bool
	Text   map[textInt]int
	Named  map[text]text
	Struct map[string]scalars
	Ptr    map[string]*Embedded
	Slice  map[string][]int
	Addr   map[netip.Addr]int
}

type interfaces struct {
	Any      any
	Anys     []any
	Stringer fmt.Stringer
	Error    error
	Ptr      *any
}

type pointers struct {
	A *int
	B **string
	C ***Embedded
	D *[]int
	E *map[string]int
	F *[2]*int
	G *any
	H *bool
}

type unusual struct {
	Chan    chan int
	Func    func()
	Complex complex128
	Unsafe  struct{ C chan int } `json:",omitempty"`
}

type empty struct{}

// The types for which encoding/json built on encoding/json/v2 has other results.

type quotedMethods struct {
	JSON    jsonInt  `json:",string"`
	Text    textInt  `json:",string"`
	JSONPtr *jsonInt `json:",string"`
}

// unnamedMethods has types with methods that encoding/json does not look for: one without a name, and what a pointer type
// with a name points to.
type unnamedMethods struct {
	Named     namedPointer
	Anonymous struct{ time.Time }
	List      []struct{ time.Time }
}

type badMaps struct {
	Float  map[float64]int
	Bool   map[bool]int
	Struct map[Embedded]int
}

type badName struct {
	A string `json:"a\"b"`
	B string `json:"'b'"`
	C string `json:"\\"`
}

// pointedTo has a larger struct behind its pointer than it is itself, so that go test -race finds an address beyond it.
type pointedTo struct{ *threeTexts }

type threeTexts struct{ A, B, C string }

type PointedTo struct{ *ThreeTexts }

type ThreeTexts struct {
	A, B string
	C    []int
}

func init() {
	if !onV2 {
		zoo = append(zoo, reflect.TypeFor[quotedMethods](), reflect.TypeFor[badMaps](), reflect.TypeFor[badName](),
			reflect.TypeFor[unnamedMethods]())
	}
}

// zoo has all types of the tests.
var zoo = []reflect.Type{
	reflect.TypeFor[pointedTo](), reflect.TypeFor[PointedTo](), reflect.TypeFor[scalars](), reflect.TypeFor[tagged](), reflect.TypeFor[options](), reflect.TypeFor[quotedFields](),
	reflect.TypeFor[methods](), reflect.TypeFor[embedding](), reflect.TypeFor[embeddedTwice](), reflect.TypeFor[embedKind](),
	reflect.TypeFor[tagWins](), reflect.TypeFor[tree](), reflect.TypeFor[list](), reflect.TypeFor[table](),
	reflect.TypeFor[bytesFields](), reflect.TypeFor[mapsOf](), reflect.TypeFor[interfaces](), reflect.TypeFor[pointers](),
	reflect.TypeFor[unusual](), reflect.TypeFor[empty](), reflect.TypeFor[any](), reflect.TypeFor[string](), reflect.TypeFor[int](),
	reflect.TypeFor[float64](), reflect.TypeFor[float32](), reflect.TypeFor[uint8](), reflect.TypeFor[bool](), reflect.TypeFor[[]any](),
	reflect.TypeFor[map[string]any](), reflect.TypeFor[[]string](), reflect.TypeFor[[]int](), reflect.TypeFor[[]float64](),
	reflect.TypeFor[[3]int](), reflect.TypeFor[[]byte](), reflect.TypeFor[json.Number](), reflect.TypeFor[json.RawMessage](),
	reflect.TypeFor[jsonInt](), reflect.TypeFor[textInt](), reflect.TypeFor[addressJSON](), reflect.TypeFor[time.Time](),
	reflect.TypeFor[*scalars](), reflect.TypeFor[**int](), reflect.TypeFor[[]scalars](), reflect.TypeFor[[]*tree](),
	reflect.TypeFor[map[int]string](), reflect.TypeFor[map[string]string](), reflect.TypeFor[fmt.Stringer](), reflect.TypeFor[[]tagged](),
	reflect.TypeFor[struct{ time.Time }](), reflect.TypeFor[UnexportedPtr](), reflect.TypeFor[[]empty](), reflect.TypeFor[[][]string](),
	reflect.TypeFor[map[string][]map[string]int](), reflect.TypeFor[struct{ A, B, C, D, E, F, G, H, I, J, K, L string }](),
}
