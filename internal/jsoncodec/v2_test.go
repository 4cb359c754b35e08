//go:build goexperiment.jsonv2

package jsoncodec

// onV2 means that encoding/json is built on encoding/json/v2, as it is from Go 1.27 on. Some of its results are then
// others than in Go 1.26, which this package follows; the package comment lists them.
const onV2 = true
