package jsoncodec

// any decodes the next value into the types that encoding/json has for an empty interface.
func (d *decoder) any() (any, bool) {
	if d.at >= len(d.data) {
		return nil, d.wrong(d.at, noValue)
	}
	switch d.data[d.at] {
	case '"':
		s, ok := d.string()
		return s, ok
	case '{':
		m := map[string]any{}
		ok := d.anyEntries(m)
		return m, ok
	case '[':
		return d.anyList()
	case 't':
		return true, d.word("true")
	case 'f':
		return false, d.word("false")
	case 'n':
		return nil, d.word("null")
	}
	start := d.at
	if !d.number() {
		return nil, false
	}
	f, ok := d.asFloat()
	if !ok {
		d.mismatches(float64Type, start, "number", "it does not fit")
		return nil, true
	}
	return f, true
}

// anyEntries decodes an object into m.
func (d *decoder) anyEntries(m map[string]any) bool {
	return d.entries(func() bool {
		name, ok := d.string()
		if !ok || !d.colon() {
			return false
		}
		v, ok := d.any()
		m[name] = v
		return ok
	})
}

// anyList decodes an array. It collects the elements first, so that the list has the right size.
func (d *decoder) anyList() (any, bool) {
	if !d.enter() {
		return nil, false
	}
	c := d.next()
	first := len(d.values)
	for c != ']' {
		v, ok := d.any()
		if !ok {
			return nil, false
		}
		d.values = append(d.values, v)
		if c = d.next(); c == ',' {
			d.at++
			d.next()
		} else if c != ']' {
			return nil, d.wrong(d.at, noNextValue)
		}
	}
	d.at++
	d.open--
	list := make([]any, len(d.values)-first)
	copy(list, d.values[first:])
	clear(d.values[first:])
	d.values = d.values[:first]
	return list, true
}
