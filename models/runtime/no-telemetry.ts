/**
 * Tells the native runtime to keep to itself; imported before it is loaded. Without this, ONNX Runtime 1.30 on Linux
 * gives the machine an id, keeps a database of events in ~/.cache/Microsoft and uploads it.
 */
process.env['ORT_DISABLE_TELEMETRY'] = '1';
