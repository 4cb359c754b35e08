//go:build !goexperiment.jsonv2

package jsoncodec

// onV2 means that encoding/json is built on encoding/json/v2.
const onV2 = false
