import Glibc

/// The two locks of a status file, by which the kernel says whether its run goes on and whose it is.
///
/// One belongs to the open file (byte 0): it is there as long as the run's process has the file open. The other belongs
/// to the process (byte 1): with it the kernel names the process to those who ask, but a process gives it up as soon as
/// it closes any descriptor of the file, such as that of a reader of its own.
enum LiveLock {
  // `F_OFD_GETLK` and `F_OFD_SETLK` of <fcntl.h>, which the C library shows to GNU programs only.
  private static let openFileGet: Int32 = 36
  private static let openFileSet: Int32 = 37

  /// Locks a file; 0 or an error number.
  static func take(_ descriptor: Int32) -> Int32 {
    for (command, byte) in [(openFileSet, 0), (F_SETLK, 1)] {
      var lock = request(Int16(F_WRLCK), byte: byte)
      if fcntl(descriptor, command, &lock) != 0 { return errno }
    }
    return 0
  }

  /// Who holds the locks of a file.
  static func holder(_ descriptor: Int32) -> LiveFileReader.Holder {
    var run = request(Int16(F_RDLCK), byte: 0)
    guard fcntl(descriptor, openFileGet, &run) == 0 else { return .unknown }
    if run.l_type == Int16(F_UNLCK) { return .gone }
    var process = request(Int16(F_RDLCK), byte: 1)
    let isNamed =
      fcntl(descriptor, F_GETLK, &process) == 0 && process.l_type != Int16(F_UNLCK) && process.l_pid > 0
    return .living(process: isNamed ? process.l_pid : nil)
  }

  private static func request(_ kind: Int16, byte: Int) -> flock {
    var lock = flock()
    lock.l_type = kind
    lock.l_whence = Int16(SEEK_SET)
    lock.l_start = off_t(byte)
    lock.l_len = 1
    return lock
  }
}
