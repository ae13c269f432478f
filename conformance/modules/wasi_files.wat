;; What a guest may do with files, beyond files.wat: the host puts paths at 1000 and at 2000, results are at 0, what is
;; told of a file is at 104, and what is read is from 65536 on.
(module $wasi_files
  (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_fdstat_set_flags" (func $fd_fdstat_set_flags (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_filestat_get" (func $fd_filestat_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_filestat_set_size" (func $fd_filestat_set_size (param i32 i64) (result i32)))
  (import "wasi_snapshot_preview1" "fd_filestat_set_times"
    (func $fd_filestat_set_times (param i32 i64 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_pwrite" (func $fd_pwrite (param i32 i32 i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_readdir" (func $fd_readdir (param i32 i32 i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_renumber" (func $fd_renumber (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_seek" (func $fd_seek (param i32 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_create_directory" (func $path_create_directory (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_filestat_get" (func $path_filestat_get (param i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_filestat_set_times"
    (func $path_filestat_set_times (param i32 i32 i32 i32 i64 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_link" (func $path_link (param i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_readlink" (func $path_readlink (param i32 i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_remove_directory" (func $path_remove_directory (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_rename" (func $path_rename (param i32 i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_symlink" (func $path_symlink (param i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_unlink_file" (func $path_unlink_file (param i32 i32 i32) (result i32)))
  (memory (export "memory") 2)
  (func $part (param $at i32) (param $length i32)
    (i32.store (i32.const 0) (local.get $at)) (i32.store (i32.const 4) (local.get $length))
    (i32.store (i32.const 8) (i32.const 0)))
  ;; Looking up follows symbolic links if $look is 1. Flags: 1 create, 2 folder, 4 exclusive, 8 truncate; rights: 2 read,
  ;; 64 write.
  (func (export "open") (param $dir i32) (param $length i32) (param $flags i32) (param $rights i64) (result i32 i32)
    (i32.store (i32.const 0) (i32.const -1))
    (call $path_open (local.get $dir) (i32.const 1) (i32.const 1000) (local.get $length) (local.get $flags)
      (local.get $rights) (i64.const 0) (i32.const 0) (i32.const 0))
    (i32.load (i32.const 0)))
  (func (export "close") (param i32) (result i32) (call $fd_close (local.get 0)))
  (func (export "renumber") (param i32 i32) (result i32) (call $fd_renumber (local.get 0) (local.get 1)))
  (func (export "append") (param i32) (result i32) (call $fd_fdstat_set_flags (local.get 0) (i32.const 1)))
  (func (export "seek") (param $fd i32) (param $at i64) (result i32)
    (call $fd_seek (local.get $fd) (local.get $at) (i32.const 0) (i32.const 16)))
  (func (export "set_size") (param i32 i64) (result i32) (call $fd_filestat_set_size (local.get 0) (local.get 1)))
  ;; The error, and how much was moved.
  (func (export "write") (param $fd i32) (param $length i32) (result i32 i32)
    (call $part (i32.const 65536) (local.get $length))
    (call $fd_write (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8)) (i32.load (i32.const 8)))
  (func (export "pwrite") (param $fd i32) (param $length i32) (param $at i64) (result i32 i32)
    (call $part (i32.const 65536) (local.get $length))
    (call $fd_pwrite (local.get $fd) (i32.const 0) (i32.const 1) (local.get $at) (i32.const 8)) (i32.load (i32.const 8)))
  (func (export "read") (param $fd i32) (param $length i32) (result i32 i32)
    (call $part (i32.const 65536) (local.get $length))
    (call $fd_read (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8)) (i32.load (i32.const 8)))
  ;; Writes with the list of parts and the result at these places; the error.
  (func (export "write_at") (param $fd i32) (param $at i32) (param $length i32) (param $parts i32) (param $out i32)
    (result i32)
    (i32.store (local.get $parts) (local.get $at)) (i32.store offset=4 (local.get $parts) (local.get $length))
    (call $fd_write (local.get $fd) (local.get $parts) (i32.const 1) (local.get $out)))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  ;; The error and the three times.
  (func $told (result i64 i64 i64)
    (i64.load (i32.const 144)) (i64.load (i32.const 152)) (i64.load (i32.const 160)))
  (func (export "stat") (param $dir i32) (param $length i32) (param $look i32) (result i32 i64 i64 i64)
    (call $path_filestat_get (local.get $dir) (local.get $look) (i32.const 1000) (local.get $length) (i32.const 104))
    (call $told))
  (func (export "fstat") (param $fd i32) (result i32 i64 i64 i64)
    (call $fd_filestat_get (local.get $fd) (i32.const 104)) (call $told))
  ;; Whether the file was changed in the last minutes, as the system has it; 0 while no time is told.
  (func (export "is_new") (param $dir i32) (param $length i32) (param $now i64) (result i32)
    (drop (call $path_filestat_get (local.get $dir) (i32.const 0) (i32.const 1000) (local.get $length) (i32.const 104)))
    (i64.gt_u (i64.load (i32.const 152)) (local.get $now)))
  ;; Flags: 1 and 4 set the times of access and of change to 1 and 2 seconds, 2 and 8 to the present.
  (func (export "touch") (param $fd i32) (param $flags i32) (result i32)
    (call $fd_filestat_set_times (local.get $fd) (i64.const 1000000000) (i64.const 2000000000) (local.get $flags)))
  (func (export "touch_at") (param $dir i32) (param $length i32) (param $flags i32) (result i32)
    (call $path_filestat_set_times (local.get $dir) (i32.const 1) (i32.const 1000) (local.get $length)
      (i64.const 1000000000) (i64.const 2000000000) (local.get $flags)))
  (func (export "readlink") (param $dir i32) (param $length i32) (result i32)
    (call $path_readlink (local.get $dir) (i32.const 1000) (local.get $length) (i32.const 3000) (i32.const 100)
      (i32.const 0)))
  (func (export "make_dir") (param i32 i32) (result i32)
    (call $path_create_directory (local.get 0) (i32.const 1000) (local.get 1)))
  (func (export "remove_dir") (param i32 i32) (result i32)
    (call $path_remove_directory (local.get 0) (i32.const 1000) (local.get 1)))
  (func (export "unlink") (param i32 i32) (result i32)
    (call $path_unlink_file (local.get 0) (i32.const 1000) (local.get 1)))
  (func (export "rename") (param $from i32) (param $length i32) (param $to i32) (param $length2 i32) (result i32)
    (call $path_rename (local.get $from) (i32.const 1000) (local.get $length)
      (local.get $to) (i32.const 2000) (local.get $length2)))
  (func (export "link") (param $from i32) (param $length i32) (param $to i32) (param $length2 i32) (result i32)
    (call $path_link (local.get $from) (i32.const 0) (i32.const 1000) (local.get $length)
      (local.get $to) (i32.const 2000) (local.get $length2)))
  (func (export "symlink") (param $length i32) (param $dir i32) (param $length2 i32) (result i32)
    (call $path_symlink (i32.const 1000) (local.get $length) (local.get $dir) (i32.const 2000) (local.get $length2)))
  ;; The error and the bytes of one call for entries of a folder.
  (func (export "list") (param $fd i32) (param $size i32) (param $cookie i64) (result i32 i32)
    (i32.store (i32.const 8) (i32.const 0))
    (call $fd_readdir (local.get $fd) (i32.const 65536) (local.get $size) (local.get $cookie) (i32.const 8))
    (i32.load (i32.const 8)))
  ;; Reads a whole folder with a buffer of this size, as libc does: an entry that was cut is asked for again. The error,
  ;; how many entries there are, and the sum of the lengths of their names.
  (func (export "list_all") (param $fd i32) (param $size i32) (result i32 i32 i32)
    (local $cookie i64) (local $at i32) (local $end i32) (local $length i32)
    (local $error i32) (local $count i32) (local $sum i32)
    (loop $more
      (local.set $error (call $fd_readdir
        (local.get $fd) (i32.const 65536) (local.get $size) (local.get $cookie) (i32.const 8)))
      (if (i32.eqz (local.get $error))
        (then
          (local.set $at (i32.const 65536))
          (local.set $end (i32.add (i32.const 65536) (i32.load (i32.const 8))))
          (block $cut
            (loop $next
              (br_if $cut (i32.gt_u (i32.add (local.get $at) (i32.const 24)) (local.get $end)))
              (local.set $length (i32.load offset=16 (local.get $at)))
              (br_if $cut (i32.gt_u
                (i32.add (i32.add (local.get $at) (i32.const 24)) (local.get $length)) (local.get $end)))
              (local.set $cookie (i64.load (local.get $at)))
              (local.set $count (i32.add (local.get $count) (i32.const 1)))
              (local.set $sum (i32.add (local.get $sum) (local.get $length)))
              (local.set $at (i32.add (i32.add (local.get $at) (i32.const 24)) (local.get $length)))
              (br $next)))
          (br_if $more (i32.eq (i32.load (i32.const 8)) (local.get $size))))))
    (local.get $error) (local.get $count) (local.get $sum))
  ;; Asks for the last entry and the first one in turn, for ever.
  (func (export "list_to_and_fro") (param $fd i32) (param $last i64)
    (loop $more
      (drop (call $fd_readdir (local.get $fd) (i32.const 65536) (i32.const 100) (local.get $last) (i32.const 8)))
      (drop (call $fd_readdir (local.get $fd) (i32.const 65536) (i32.const 100) (i64.const 0) (i32.const 8)))
      (br $more)))
  ;; Writes so much to the start of a file, for ever.
  (func (export "write_for_ever") (param $fd i32) (param $length i32)
    (call $part (i32.const 65536) (local.get $length))
    (loop $more
      (drop (call $fd_pwrite (local.get $fd) (i32.const 0) (i32.const 1) (i64.const 0) (i32.const 8)))
      (br $more)))
  ;; Reads so much from the start of a file, for ever.
  (func (export "read_for_ever") (param $fd i32) (param $length i32)
    (call $part (i32.const 65536) (local.get $length))
    (loop $more
      (drop (call $fd_read (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8)))
      (drop (call $fd_seek (local.get $fd) (i64.const 0) (i32.const 0) (i32.const 16)))
      (br $more)))
  ;; Makes so many files of eight digits; the error.
  (func (export "make_files") (param $dir i32) (param $count i32) (result i32)
    (local $error i32) (local $rest i32) (local $at i32)
    (loop $more
      (if (local.get $count)
        (then
          (local.set $count (i32.sub (local.get $count) (i32.const 1)))
          (local.set $rest (local.get $count))
          (local.set $at (i32.const 1008))
          (loop $digit
            (local.set $at (i32.sub (local.get $at) (i32.const 1)))
            (i32.store8 (local.get $at) (i32.add (i32.const 48) (i32.rem_u (local.get $rest) (i32.const 10))))
            (local.set $rest (i32.div_u (local.get $rest) (i32.const 10)))
            (br_if $digit (i32.gt_u (local.get $at) (i32.const 1000))))
          (local.set $error (call $path_open (local.get $dir) (i32.const 0) (i32.const 1000) (i32.const 8) (i32.const 1)
            (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 0)))
          (drop (call $fd_close (i32.load (i32.const 0))))
          (br_if $more (i32.eqz (local.get $error))))))
    (local.get $error)))
