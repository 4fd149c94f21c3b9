using KerasCompat.Hdf5;
using KerasCompat.Runtime;

namespace KerasCompat.Containers;

/// <summary>Describes the datasets of one HDF5 file as arrays to be read later, and keeps count of their bytes.</summary>
internal sealed class Hdf5Arrays(string file, ReadLimits limits)
{
    private long _total;

    /// <summary>The file's name, for messages.</summary>
    public string File => file;

    /// <exception cref="ModelFormatException">The elements are no real numbers.</exception>
    /// <exception cref="ResourceLimitException">The array, or all together, are larger than the limits allow.</exception>
    public StoredArray Describe(Hdf5Dataset dataset, string name)
    {
        string place = $"{file}:{dataset.Path}";
        DType dtype = ElementType(dataset, place);
        Shape shape = Size(dataset, dtype, place);

        // Damaged files hold other bytes than 0 and 1, which .NET's bool does not survive.
        return dtype == DType.Bool
            ? new StoredArray(dataset.Path, name, dtype, shape, () => new Tensor<bool>(Array.ConvertAll(dataset.ReadBytes(), b => b != 0), shape))
            : new StoredArray(dataset.Path, name, dtype, shape, dataset.ReadBytes);
    }

    /// <summary>
    /// The types ml_dtypes adds to numpy have no HDF5 type: h5py stores them as opaque bytes without a tag, bfloat16 in two and the
    /// kinds of float8 and int4 in one. Keras writes the attribute <c>dtype</c> beside bfloat16.
    /// </summary>
    private static DType ElementType(Hdf5Dataset dataset, string place)
    {
        Hdf5Type type = dataset.Type;
        bool saysBFloat16 = Hdf5Attributes.Note(dataset, "dtype") == "bfloat16";
        DType? dtype = (type.Class, type.Size) switch
        {
            _ when dataset.IsNull => null,
            (Hdf5TypeClass.Float, _) when type.IsBFloat16 => DType.BFloat16,
            (Hdf5TypeClass.Float, 2) when type.IsIeee => DType.Float16,
            (Hdf5TypeClass.Float, 4) when type.IsIeee => DType.Float32,
            (Hdf5TypeClass.Float, 8) when type.IsIeee => DType.Float64,
            (Hdf5TypeClass.Integer, 2) when saysBFloat16 => DType.BFloat16,
            (Hdf5TypeClass.Integer, int size) when type.Precision == 8 * size && type.BitOffset == 0 => Integer(size, type.IsSigned),
            (Hdf5TypeClass.Enum, _) when type.IsBool => DType.Bool,
            (Hdf5TypeClass.Opaque, 2) => DType.BFloat16,
            (Hdf5TypeClass.Opaque, 1) => DType.UInt8,
            _ => null,
        };
        return dtype ?? throw new ModelFormatException(place, dataset.IsNull ? "a dataset without elements" : Found(type), "an array of real numbers");
    }

    private static DType? Integer(int size, bool signed) => (size, signed) switch
    {
        (1, true) => DType.Int8,
        (2, true) => DType.Int16,
        (4, true) => DType.Int32,
        (8, true) => DType.Int64,
        (1, false) => DType.UInt8,
        (2, false) => DType.UInt16,
        (4, false) => DType.UInt32,
        (8, false) => DType.UInt64,
        _ => null,
    };

    private static string Found(Hdf5Type type)
    {
        bool complex = type.Class == Hdf5TypeClass.Complex || (type.Class == Hdf5TypeClass.Compound && type.Members is [{ Name: "r" }, { Name: "i" }]);
        return complex ? "complex numbers" : type.IsString ? "text" : $"elements of type {type}";
    }

    private Shape Size(Hdf5Dataset dataset, DType dtype, string place)
    {
        Shape shape = StoredShape.Of(dataset.Dimensions, dtype, place, limits);
        _total += (long)shape.ElementCount * dtype.Size();
        return _total <= limits.MaxTotalBytes
            ? shape
            : throw new ResourceLimitException(place, $"an array of shape ({string.Join(", ", dataset.Dimensions)}), {_total} bytes with those before it", $"at most {limits.MaxTotalBytes}", "raise ReadLimits.MaxTotalBytes if the file is trusted");
    }
}
