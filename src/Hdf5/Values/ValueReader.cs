using System.Buffers.Binary;

namespace KerasCompat.Hdf5;

/// <summary>
/// Reads values of any type. Elements come as a column: <c>count</c> of them, <c>stride</c> bytes apart, the first at <c>start</c>.
/// </summary>
internal sealed class ValueReader(Place place)
{
    private long produced;

    public Hdf5Value Read(Hdf5Type type, ReadOnlySpan<byte> data, int start, int stride, long count)
    {
        switch (type.Class)
        {
            case Hdf5TypeClass.Integer or Hdf5TypeClass.BitField:
                return Integers(type, data, start, stride, count);
            case Hdf5TypeClass.Float:
                return Floats(type, data, start, stride, count);
            case Hdf5TypeClass.Enum:
                return Read(type.Base!, data, start, stride, count);
            case Hdf5TypeClass.String:
                return Text(type, data, start, stride, count);
            case Hdf5TypeClass.Opaque:
                return new Hdf5OpaqueValue(type.Size, Gather(type, data, start, stride, count));
            case Hdf5TypeClass.Compound:
                var fields = new List<KeyValuePair<string, Hdf5Value>>(type.Members.Count);
                foreach (var member in type.Members)
                {
                    fields.Add(new(member.Name, Read(member.Type, data, start + member.Offset, stride, count)));
                }

                return new Hdf5CompoundValue(fields);
            case Hdf5TypeClass.Complex:
                return new Hdf5CompoundValue([
                    new("r", Read(type.Base!, data, start, stride, count)),
                    new("i", Read(type.Base!, data, start + type.Base!.Size, stride, count))]);
            case Hdf5TypeClass.Array:
                var items = type.Base!;
                var row = stride == type.Size && start == 0 ? data[..(int)(count * stride)] : Gather(type, data, start, stride, count);
                return Read(items, row, 0, items.Size, count * (type.Size / items.Size));
            case Hdf5TypeClass.Sequence:
                return Sequences(type, data, start, stride, count);
            case Hdf5TypeClass.Reference:
                return References(type, data, start, stride, count);
            default:
                throw place.Unsupported($"values of class {type.Class}", "numbers, text, compounds, arrays, sequences or references");
        }
    }

    public Hdf5TextValue Text(Hdf5Type type, ReadOnlySpan<byte> data, int start, int stride, long count)
    {
        const int overhead = 32; // of an array of bytes
        Produce(count * overhead);
        var items = new byte[count][];
        for (var i = 0; i < items.Length; i++)
        {
            var element = data.Slice(start + (i * stride), type.Size);
            if (type.IsVariableLength)
            {
                var text = HeapObject(element, 1).Span;
                var end = text.IndexOf((byte)0);
                items[i] = (end < 0 ? text : text[..end]).ToArray();
            }
            else
            {
                Produce(type.Size);
                items[i] = Unpad(element, type.Padding).ToArray();
            }
        }

        return new Hdf5TextValue(items, place);
    }

    private static ReadOnlySpan<byte> Unpad(ReadOnlySpan<byte> text, Hdf5StringPadding padding)
    {
        switch (padding)
        {
            case Hdf5StringPadding.NullTerminated:
                var end = text.IndexOf((byte)0);
                return end < 0 ? text : text[..end];
            case Hdf5StringPadding.NullPadded:
                return text.TrimEnd((byte)0);
            default:
                return text.TrimEnd((byte)' ');
        }
    }

    private Hdf5NumberValue Integers(Hdf5Type type, ReadOnlySpan<byte> data, int start, int stride, long count)
    {
        var kind = type.IsSigned ? Hdf5NumberKind.Signed : Hdf5NumberKind.Unsigned;
        if (type.IsWholeInteger)
        {
            return new Hdf5NumberValue(kind, type.Size, Native(type, data, start, stride, count));
        }

        if (type.Size > 8 || type.ByteOrder is not (Hdf5ByteOrder.LittleEndian or Hdf5ByteOrder.BigEndian))
        {
            throw place.Unsupported($"integers of {type.Size} bytes", "at most 8 bytes");
        }

        var size = type.Size <= 2 ? type.Size : type.Size <= 4 ? 4 : 8;
        Produce(count * size);
        var bytes = new byte[count * size];
        Span<byte> value = stackalloc byte[8];
        for (var i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(value, Numbers.Integer(data[(start + (i * stride))..], type));
            value[..size].CopyTo(bytes.AsSpan(i * size));
        }

        return new Hdf5NumberValue(kind, size, bytes);
    }

    private Hdf5NumberValue Floats(Hdf5Type type, ReadOnlySpan<byte> data, int start, int stride, long count)
    {
        if (type.IsIeee)
        {
            return new Hdf5NumberValue(Hdf5NumberKind.Float, type.Size, Native(type, data, start, stride, count));
        }

        if (type.Size > 16 || type.ByteOrder is not (Hdf5ByteOrder.LittleEndian or Hdf5ByteOrder.BigEndian) || type.Float!.ExponentBits > 32)
        {
            throw place.Unsupported($"floats of {type.Size} bytes in {type.ByteOrder} order", "at most 16 bytes, little-endian or big-endian");
        }

        var isSingle = type.Float!.ExponentBits <= 8 && type.Float.MantissaBits <= 23 && type.Float.Bias <= 127;
        var size = isSingle ? 4 : 8;
        Produce(count * size);
        var bytes = new byte[count * size];
        var known = type.Size == 1 ? AllOfOneByte(type) : null;
        for (var i = 0; i < count; i++)
        {
            var element = data.Slice(start + (i * stride), type.Size);
            var value = known is not null ? known[element[0]] : Numbers.Float(element, type);
            if (isSingle)
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * size), (float)value);
            }
            else
            {
                BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * size), value);
            }
        }

        return new Hdf5NumberValue(Hdf5NumberKind.Float, size, bytes);
    }

    private static double[] AllOfOneByte(Hdf5Type type)
    {
        var values = new double[256];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Numbers.Float([(byte)i], type);
        }

        return values;
    }

    private byte[] Native(Hdf5Type type, ReadOnlySpan<byte> data, int start, int stride, long count)
    {
        var bytes = Gather(type, data, start, stride, count);
        NativeOrder.Apply(bytes, type, place);
        return bytes;
    }

    private byte[] Gather(Hdf5Type type, ReadOnlySpan<byte> data, int start, int stride, long count)
    {
        var size = type.Size;
        Produce(count * size);
        var bytes = new byte[count * size];
        for (var i = 0; i < count; i++)
        {
            data.Slice(start + (i * stride), size).CopyTo(bytes.AsSpan(i * size));
        }

        return bytes;
    }

    private Hdf5SequenceValue Sequences(Hdf5Type type, ReadOnlySpan<byte> data, int start, int stride, long count)
    {
        var item = type.Base!;
        Produce(count * 8);
        var lengths = new long[count];
        var parts = new ReadOnlyMemory<byte>[count];
        long total = 0;
        for (var i = 0; i < count; i++)
        {
            parts[i] = HeapObject(data.Slice(start + (i * stride), type.Size), item.Size);
            lengths[i] = parts[i].Length / item.Size;
            total += parts[i].Length;
        }

        Produce(total);
        var all = new byte[total];
        var at = 0;
        foreach (var part in parts)
        {
            part.Span.CopyTo(all.AsSpan(at));
            at += part.Length;
        }

        return new Hdf5SequenceValue(lengths, Read(item, all, 0, item.Size, total / item.Size));
    }

    // IV.B, data of variable length: number of items, then a global heap identifier: address of the collection, index in it.
    private ReadOnlyMemory<byte> HeapObject(ReadOnlySpan<byte> element, int itemSize)
    {
        var c = new Cursor(element, place, "value of variable length");
        var count = c.U32();
        var address = c.Address();
        var index = (int)Math.Min(c.U32(), int.MaxValue);
        if (address == 0)
        {
            return default;
        }

        if (count == 0)
        {
            place.CheckRange(address, 0, "value of variable length");
            return default;
        }

        var found = place.File.Collection(address, place).Object(index, place);
        Produce(found.Length);
        return found.Length == (long)count * itemSize
            ? found
            : throw place.Damaged($"{found.Length} bytes of a value of variable length", $"{(long)count * itemSize}");
    }

    private Hdf5ReferenceValue References(Hdf5Type type, ReadOnlySpan<byte> data, int start, int stride, long count)
    {
        if (type.ReferenceKind > Hdf5ReferenceKind.Region)
        {
            throw place.Unsupported("references in the form of HDF5 1.12", "references to objects or regions in the older form");
        }

        Produce(count * 16);
        var targets = new string[count];
        var regions = type.ReferenceKind == Hdf5ReferenceKind.Region ? new Hdf5Region?[count] : null;
        for (var i = 0; i < count; i++)
        {
            var c = new Cursor(data.Slice(start + (i * stride), type.Size), place, "reference");
            var address = c.Address();
            if (address is 0 or Cursor.Undefined)
            {
                targets[i] = "";
            }
            else if (regions is null)
            {
                targets[i] = place.File.PathOf(address, place);
            }
            else
            {
                var index = (int)Math.Min(c.U32(), int.MaxValue);
                var stored = place.File.Collection(address, place).Object(index, place);
                Produce(stored.Length);
                (var target, regions[i]) = RegionReference.Read(stored.Span, place, Produce);
                targets[i] = place.File.PathOf(target, place);
            }
        }

        return new Hdf5ReferenceValue(targets, regions);
    }

    // What one read makes of a file stays in proportion to the file, however often its parts are referred to.
    private void Produce(long bytes)
    {
        produced += bytes;
        place.File.CheckArray(produced, place);
        if (bytes > Array.MaxLength)
        {
            throw new ResourceLimitException(place.ToString(), $"values of {bytes} bytes", $"at most {Array.MaxLength} in one array");
        }
    }
}
