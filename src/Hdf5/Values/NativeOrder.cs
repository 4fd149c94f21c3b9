using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace KerasCompat.Hdf5;

/// <summary>Turns elements from the file's byte order into little-endian order, in place.</summary>
internal static class NativeOrder
{
    /// <summary>Whether elements are little-endian as they lie.</summary>
    public static bool Holds(Hdf5Type type) => type.Class switch
    {
        Hdf5TypeClass.Compound => type.Members.All(m => Holds(m.Type)),
        Hdf5TypeClass.Array or Hdf5TypeClass.Enum or Hdf5TypeClass.Complex => Holds(type.Base!),
        _ => type.ByteOrder is Hdf5ByteOrder.LittleEndian or Hdf5ByteOrder.None || (type.Size == 1 && type.ByteOrder != Hdf5ByteOrder.Vax),
    };

    public static void Apply(Span<byte> elements, Hdf5Type type, Place place)
    {
        if (Holds(type))
        {
            return;
        }

        switch (type.Class)
        {
            case Hdf5TypeClass.Compound:
                foreach (var member in type.Members.Where(m => !Holds(m.Type)))
                {
                    for (var at = member.Offset; at < elements.Length; at += type.Size)
                    {
                        Apply(elements.Slice(at, member.Type.Size), member.Type, place);
                    }
                }

                break;
            case Hdf5TypeClass.Array or Hdf5TypeClass.Enum or Hdf5TypeClass.Complex:
                Apply(elements, type.Base!, place);
                break;
            case var _ when type.ByteOrder == Hdf5ByteOrder.Vax:
                throw place.Unsupported("numbers in the VAX's byte order", "little-endian or big-endian numbers");
            default:
                Reverse(elements, type.Size);
                break;
        }
    }

    /// <summary>Reverses the bytes of every element.</summary>
    public static void Reverse(Span<byte> elements, int size)
    {
        switch (size)
        {
            case 2:
                var shorts = MemoryMarshal.Cast<byte, ushort>(elements);
                BinaryPrimitives.ReverseEndianness(shorts, shorts);
                break;
            case 4:
                var ints = MemoryMarshal.Cast<byte, uint>(elements);
                BinaryPrimitives.ReverseEndianness(ints, ints);
                break;
            case 8:
                var longs = MemoryMarshal.Cast<byte, ulong>(elements);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
            default:
                for (; elements.Length >= size; elements = elements[size..])
                {
                    elements[..size].Reverse();
                }

                break;
        }
    }
}
