import Foundation
import Glibc
import HeadwayFiles
import HeadwayProbes
import HeadwayStore
import HeadwayTrace

/// Whether a run or a sweep is being recorded now, by what the kernel knows of the process that records it.
public enum RecordingActivity {
  /// Whether a process records a run: whether it holds the lock of the run's status; and of a run that could not keep
  /// one, whether it has the trace mapped. `nil` where the kernel does not tell.
  public static func isRecording(_ directory: RunDirectory) -> Bool? {
    let reader: LiveFileReader?
    do throws(InputError) { reader = try LiveFileReader(opening: directory.livePath) } catch { return nil }
    return switch reader?.holder() {
    case .living?: true
    case .gone?: false
    case .unknown?: nil
    case nil: isRecording(trace: directory.tracePath)
    }
  }

  /// Whether a process has the trace of a run mapped, and is the one that the trace says records it. `nil` where that
  /// process is there and the kernel does not tell what it has mapped.
  private static func isRecording(trace path: String) -> Bool? {
    guard let bytes = firstBytes(of: path), let header = try? TraceHeader(decoding: bytes, file: path),
      header.final == nil
    else { return false }
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    let process = "/proc/\(header.processID)"
    guard access(process, F_OK) == 0 else { return false }
    guard let maps = ProcFile.read(process + "/maps") else { return nil }
    // address permissions offset device inode path: by the number of the file, since its path may be another one in
    // the other process's view, and so may its device.
    let inode = String(status.st_ino)
    return maps.split(separator: "\n").contains { line in
      let fields = line.split(separator: " ", omittingEmptySubsequences: true)
      return fields.count > 5 && fields[4] == inode && line.hasSuffix(".hwtrace")
    }
  }

  /// Whether a process holds the lock of a sweep's journal. `nil` where the kernel does not tell.
  public static func isSweeping(_ directory: SweepDirectory) -> Bool? {
    var status = stat()
    guard stat(directory.journalPath, &status) == 0 else { return false }
    guard let locks = ProcFile.read("/proc/locks") else { return nil }
    // number: kind mode access process device:inode start end
    return locks.split(separator: "\n").contains { line in
      let fields = line.split(separator: " ", omittingEmptySubsequences: true)
      return fields.count > 5 && fields[1] == "FLOCK" && fields[5].hasSuffix(":\(status.st_ino)")
    }
  }

  private static func firstBytes(of path: String) -> [UInt8]? {
    guard let file = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? file.close() }
    return (try? file.read(upToCount: TraceFormat.headerBytes)).map { Array($0) }
  }
}
