namespace KerasCompat.Hdf5;

/// <summary>IV.A.2, shared messages: a message that only says where the real one lies.</summary>
internal static class SharedMessage
{
    private const int InHeap = 1;
    private const int HeapIdSize = 8;

    /// <summary>Fetches the real message.</summary>
    /// <param name="type">Its kind.</param>
    /// <param name="c">The reference.</param>
    /// <param name="committed">Whether it is the datatype of another object.</param>
    public static ReadOnlyMemory<byte> Resolve(MessageType type, ref Cursor c, out bool committed)
    {
        var place = c.Place;
        var version = c.Version(1, 3);
        var kind = c.U8();
        committed = version < 3 || kind != InHeap;
        if (!committed)
        {
            var table = place.File.SharedMessages ?? throw place.Damaged("a message in a heap of shared messages, which this file does not have");
            return table.Message(type, c.Take(HeapIdSize), place);
        }

        if (version == 1)
        {
            c.Skip(6 + place.File.LengthSize);
        }

        return place.File.Committed(c.Address(), type, place);
    }
}
