import CZlib
import HeadwayTrace

/// The gzip format, by zlib.
enum Gzip {
  /// A gzip file of the bytes. The time in its head is zero, so that equal bytes give equal files.
  ///
  /// - Throws: ``InputError`` when zlib has no memory left for its tables.
  static func compress(_ bytes: [UInt8]) throws(InputError) -> [UInt8] {
    var stream = z_stream()
    // 15 bits of window, and 16 to ask for gzip's head and tail.
    var status = deflateInit2_(
      &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { throw failure(status) }
    defer { deflateEnd(&stream) }
    var compressed = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 32)
    var source = bytes
    // In bounds: both counts go with their buffers, which live as long as the call; zlib counts in 32 bits.
    status = source.withUnsafeMutableBufferPointer { input in
      compressed.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.next_out = output.baseAddress
        var status = Z_OK
        var unread = input.count
        while status == Z_OK {
          let piece = min(unread, 1 << 30)
          unread -= piece
          stream.avail_in = UInt32(piece)
          repeat {
            stream.avail_out = UInt32(min(output.count - Int(stream.total_out), 1 << 30))
            status = deflate(&stream, unread == 0 ? Z_FINISH : Z_NO_FLUSH)
          } while status == Z_OK && (stream.avail_in > 0 || unread == 0)
        }
        return status
      }
    }
    guard status == Z_STREAM_END else { throw failure(status) }
    compressed.removeLast(compressed.count - Int(stream.total_out))
    return compressed
  }

  private static func failure(_ status: Int32) -> InputError {
    InputError(
      "zlib", problem: "the profile cannot be compressed (status \(status))",
      remedy: "free some memory and export it again")
  }
}
