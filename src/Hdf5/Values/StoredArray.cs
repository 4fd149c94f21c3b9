using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KerasCompat.Hdf5;

/// <summary>The elements of a dataset or an attribute, and the ways to read them.</summary>
internal sealed class StoredArray(Hdf5Type type, Dataspace space, IStorage storage, Place place)
{
    private long Count => space.Kind == Hdf5SpaceKind.Null ? 0 : space.Count;

    public T[] Read<T>()
        where T : unmanaged
    {
        if (!Matches(typeof(T)))
        {
            throw new ModelFormatException(place.ToString(), $"{type}", $"{typeof(T).Name}", "read its bytes or its value instead");
        }

        var elementSize = Unsafe.SizeOf<T>();
        place.File.CountArray(CheckedSize(elementSize, mostElements: Array.MaxLength), place);
        var array = new T[Count];

        // A span of bytes ends at 2 GiB; an array of numbers need not.
        var part = int.MaxValue / elementSize;
        for (long start = 0; start < array.LongLength; start += part)
        {
            var elements = array.AsSpan((int)start, (int)Math.Min(part, array.LongLength - start));
            ReadInto(start * elementSize, MemoryMarshal.AsBytes(elements));
        }

        if (array is bool[])
        {
            // A bool of another byte than 0 and 1 would be neither equal to true nor to false.
            foreach (ref var b in MemoryMarshal.AsBytes(array.AsSpan()))
            {
                b = b == 0 ? (byte)0 : (byte)1;
            }
        }

        return array;
    }

    public byte[] ReadBytes()
    {
        CheckPlain();
        var size = CheckedSize();
        place.File.CountArray(size, place);
        var bytes = new byte[size];
        ReadInto(0, bytes);
        return bytes;
    }

    public void ReadBytes(Span<byte> destination)
    {
        CheckPlain();
        if (CheckedSize() is var size && size != destination.Length)
        {
            throw new ArgumentException($"{place} has {size} bytes, and room for {destination.Length} was given.", nameof(destination));
        }

        ReadInto(0, destination);
    }

    public bool TryView(out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        return Count > 0 && !type.HasVariableLength && NativeOrder.Holds(type) && storage.TryView(out bytes);
    }

    public string[] ReadStrings()
    {
        if (!type.IsString)
        {
            throw new ModelFormatException(place.ToString(), $"{type}", "text");
        }

        return new ValueReader(place).Text(type, Raw().Span, 0, type.Size, Count).Strings;
    }

    public Hdf5Value ReadValue() => new ValueReader(place).Read(type, Raw().Span, 0, type.Size, Count);

    /// <summary>The elements as the file has them, without a copy where possible.</summary>
    private ReadOnlyMemory<byte> Raw()
    {
        var size = CheckedSize();
        if (size == 0)
        {
            return default;
        }

        if (storage.TryView(out var view))
        {
            return view[..(int)size];
        }

        place.File.CountArray(size, place);
        var bytes = new byte[size];
        storage.CopyTo(0, bytes);
        return bytes;
    }

    private void ReadInto(long start, Span<byte> destination)
    {
        if (!destination.IsEmpty)
        {
            storage.CopyTo(start, destination);
            NativeOrder.Apply(destination, type, place);
        }
    }

    private long CheckedSize() => CheckedSize(type.Size, Array.MaxLength / type.Size);

    private long CheckedSize(int elementSize, long mostElements)
    {
        var size = (Int128)Count * elementSize;
        place.File.CheckArray(size > long.MaxValue ? long.MaxValue : (long)size, place);
        return Count <= mostElements
            ? (long)size
            : throw new ResourceLimitException(place.ToString(), $"{Count} elements of {elementSize} bytes", $"at most {mostElements} in one array");
    }

    private void CheckPlain()
    {
        if (type.HasVariableLength)
        {
            throw new ModelFormatException(place.ToString(), $"{type}", "elements of one size", "read its text or its value instead");
        }
    }

    private bool Matches(Type wanted)
    {
        var number = type.Class == Hdf5TypeClass.Enum ? type.Base! : type;
        if (wanted == typeof(bool))
        {
            return type.IsBool;
        }

        if (wanted == typeof(Half) || wanted == typeof(float) || wanted == typeof(double))
        {
            return number.IsIeee && number.Size == (wanted == typeof(Half) ? 2 : wanted == typeof(float) ? 4 : 8);
        }

        return number.Class is Hdf5TypeClass.Integer or Hdf5TypeClass.BitField && number.IsWholeInteger
            && wanted == (number.Size, number.IsSigned) switch
            {
                (1, true) => typeof(sbyte),
                (1, false) => typeof(byte),
                (2, true) => typeof(short),
                (2, false) => typeof(ushort),
                (4, true) => typeof(int),
                (4, false) => typeof(uint),
                (8, true) => typeof(long),
                _ => typeof(ulong),
            };
    }
}
