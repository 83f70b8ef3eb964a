import Foundation
import HeadwayTrace

/// Where the files of a ``StagedDirectory`` are written; errors name the place where they will appear.
package struct StagedPlace: Sendable {
  /// The directory that is filled.
  package let path: String
  /// The directory as it will be known.
  package let destination: String

  /// The path of a file while staged.
  package func path(_ name: String) -> String { path + "/" + name }

  /// The path of a file as it will be known.
  package func destination(_ name: String) -> String { destination + "/" + name }

  /// Starts a file.
  package func writer(_ name: String) throws(InputError) -> FileWriter {
    try FileWriter(path: path(name), named: destination(name))
  }

  /// Writes a whole file of the bytes that `content` makes.
  package func write(_ name: String, _ content: () throws -> Data) throws(InputError) {
    let bytes = try encoded(for: destination(name), content)
    var writer = try writer(name)
    try writer.write(bytes)
    try writer.finish()
  }
}
