namespace KerasCompat.Hdf5;

/// <summary>IV.A.2.e and IV.A.2.f, the fill value messages: what an element is that was never written.</summary>
/// <param name="Value">One element in the file's form; empty where it is zero.</param>
/// <param name="IsUndefined">Whether the writer said that there is none, not even zero.</param>
/// <param name="IsNeverWritten">Whether space was to be left as it is; what was never written is then zero here.</param>
internal readonly record struct FillValue(ReadOnlyMemory<byte> Value, bool IsUndefined, bool IsNeverWritten)
{
    private const int Never = 1;

    /// <summary>What to fill with.</summary>
    public ReadOnlyMemory<byte> Effective => IsNeverWritten || IsUndefined ? default : Value;

    public static FillValue Read(ObjectHeader header, int elementSize, Place place)
    {
        var fill = header.Find(MessageType.FillValue) is { } message ? ReadNew(message.Body, place)
            : header.Find(MessageType.OldFillValue) is { } old ? ReadOld(old.Body, place)
            : default;
        return fill.Value.Length == 0 || fill.Value.Length == elementSize
            ? fill
            : throw place.Damaged($"a fill value of {fill.Value.Length} bytes", $"{elementSize} bytes");
    }

    private static FillValue ReadOld(ReadOnlyMemory<byte> body, Place place)
    {
        var c = new Cursor(body.Span, place, "fill value");
        return new FillValue(Sized(body, ref c, out _), IsUndefined: false, IsNeverWritten: false);
    }

    private static FillValue ReadNew(ReadOnlyMemory<byte> body, Place place)
    {
        const int undefined = 0x10, hasValue = 0x20, knownFlags = 0x3F;
        var c = new Cursor(body.Span, place, "fill value");
        var version = c.Version(1, 3);
        if (version == 3)
        {
            var flags = c.U8();
            if ((flags & ~knownFlags) != 0 || (flags & (undefined | hasValue)) == (undefined | hasValue))
            {
                throw place.Damaged($"flags 0x{flags:X2} of a fill value");
            }

            var value = (flags & hasValue) != 0 ? Sized(body, ref c, out _) : default;
            return new FillValue(value, (flags & undefined) != 0, ((flags >> 2) & 3) == Never);
        }

        c.Skip(1); // when space is allocated
        var never = c.U8() == Never;
        var isDefined = c.U8() != 0;
        if (version == 2 && !isDefined)
        {
            return new FillValue(default, IsUndefined: true, never);
        }

        var stored = Sized(body, ref c, out var negative);
        return new FillValue(stored, negative, never);
    }

    private static ReadOnlyMemory<byte> Sized(ReadOnlyMemory<byte> body, ref Cursor c, out bool negative)
    {
        var size = (int)c.U32();
        negative = size < 0;
        var start = c.Position;
        c.Skip(Math.Max(size, 0));
        return body.Slice(start, Math.Max(size, 0));
    }
}
