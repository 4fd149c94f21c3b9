namespace KerasCompat.Zip;

/// <summary>Passes a member's unpacked bytes on, and at the end compares their number and checksum with what the directory says.</summary>
internal sealed class CheckedStream(Stream inner, string place, long length, uint checksum, CancellationToken cancellation = default) : ReadOnlyStream
{
    private long _read;
    private uint _checksum;
    private bool _ended;

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty || _ended)
        {
            return 0;
        }

        cancellation.ThrowIfCancellationRequested();
        int read = Unpacked(buffer[..(int)Math.Min(buffer.Length, length - _read + 1)]);
        _read += read;
        _checksum = Crc32.Append(_checksum, buffer[..read]);
        if (_read > length || (read == 0 && _read < length))
        {
            string found = read == 0 ? $"{_read} bytes" : "more bytes";
            throw ZipEnd.Damaged(place, $"{found} where the zip directory says {length}");
        }

        if (read == 0 || _read == length)
        {
            // Asking once more at the stated length finds what lies beyond it.
            _ended = read == 0 || Unpacked(stackalloc byte[1]) == 0;
            if (!_ended)
            {
                throw ZipEnd.Damaged(place, $"more bytes than the {length} that the zip directory says");
            }

            if (_checksum != checksum)
            {
                throw ZipEnd.Damaged(place, $"bytes whose checksum is {_checksum:x8} where the zip directory says {checksum:x8}");
            }
        }

        return read;
    }

    private int Unpacked(Span<byte> buffer)
    {
        try
        {
            return inner.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw new ModelFormatException(place, "damaged compressed data", remedy: "copy or download the file again", inner: e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
