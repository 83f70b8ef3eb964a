import Foundation
import HeadwayFiles
import HeadwayTrace

/// Drawings as files of their own.
enum Figures {
  /// Writes `<name>.svg` for every drawing that there is.
  static func write(_ drawings: [(name: String, svg: String?)], into path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw InputError(path, problem: "the directory cannot be made", remedy: "choose another place")
    }
    for drawing in drawings {
      if let svg = drawing.svg { try AtomicFile.write(Data(svg.utf8), to: "\(path)/\(drawing.name).svg") }
    }
  }
}
