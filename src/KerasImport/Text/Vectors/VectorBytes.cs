namespace KerasCompat.Text;

/// <summary>Reads a large file byte by byte through a buffer: lines, words and blocks.</summary>
internal sealed class VectorBytes(Stream stream, string place, ReadLimits limits)
{
    private readonly byte[] _buffer = new byte[1 << 16];
    private byte[] _piece = new byte[256];
    private int _at;
    private int _end;

    /// <summary>The bytes up to <paramref name="stop"/>, which is skipped; valid until the next call.</summary>
    /// <returns>False at the end of the file, if nothing is left.</returns>
    public bool TryReadTo(byte stop, out ReadOnlySpan<byte> piece)
    {
        int length = 0;
        bool any = false;
        while (Fill())
        {
            any = true;
            int found = _buffer.AsSpan(_at, _end - _at).IndexOf(stop);
            int taken = found < 0 ? _end - _at : found;
            Reserve(length + taken);
            _buffer.AsSpan(_at, taken).CopyTo(_piece.AsSpan(length));
            length += taken;
            _at += taken + (found < 0 ? 0 : 1);
            if (found >= 0)
            {
                break;
            }
        }

        piece = _piece.AsSpan(0, length);
        return any;
    }

    /// <summary>As many bytes as asked for; valid until the next call.</summary>
    /// <returns>False where the file ends before.</returns>
    public bool TryRead(int count, out ReadOnlySpan<byte> piece)
    {
        Reserve(count);
        int length = 0;
        while (length < count && Fill())
        {
            int taken = Math.Min(count - length, _end - _at);
            _buffer.AsSpan(_at, taken).CopyTo(_piece.AsSpan(length));
            length += taken;
            _at += taken;
        }

        piece = _piece.AsSpan(0, length);
        return length == count;
    }

    private bool Fill()
    {
        if (_at == _end)
        {
            (_at, _end) = (0, stream.Read(_buffer));
        }

        return _end > 0;
    }

    private void Reserve(int length)
    {
        if (length > limits.MaxTextBytes)
        {
            throw new ResourceLimitException(place, $"a line of more than {limits.MaxTextBytes} bytes", $"at most {limits.MaxTextBytes}", "raise ReadLimits.MaxTextBytes if the file is trusted");
        }

        if (length > _piece.Length)
        {
            Array.Resize(ref _piece, Math.Max(length, _piece.Length * 2));
        }
    }
}
