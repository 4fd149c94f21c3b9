using KerasCompat.Runtime;

namespace KerasCompat.Text;

/// <summary>Keras's functions that prepare targets and features: <c>to_categorical</c> and <c>normalize</c>.</summary>
public static class Numerical
{
    /// <summary>Keras's <c>to_categorical</c>: a row of zeros with a one at the class.</summary>
    /// <param name="classes">Class numbers of any type; fractions are cut off, negative numbers count from the last class. A last axis of size 1 is dropped.</param>
    /// <param name="classCount">Number of classes; the largest number + 1 where it is null. Keras's <c>num_classes</c>.</param>
    /// <returns>Shape <c>(…classes, classCount)</c>. float32 as Keras 2 gives it; Keras 1 and 3 give the same numbers in float64.</returns>
    /// <exception cref="ArgumentException">There is nothing to take the number of classes from.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A class is out of range.</exception>
    public static Tensor<float> ToCategorical(Tensor classes, int? classCount = null)
    {
        ReadOnlySpan<long> y = classes.Cast(DType.Int64).As<long>().Span;
        if (classCount is null && y.Length == 0)
        {
            throw new ArgumentException("There are no classes to count; give classCount.", nameof(classCount));
        }

        long width = classCount ?? System.Numerics.Tensors.TensorPrimitives.Max(y) + 1;
        ReadOnlySpan<int> dims = classes.Shape.Dims;
        if (dims.Length > 1 && dims[^1] == 1)
        {
            dims = dims[..^1];
        }

        var categorical = new Tensor<float>(new float[checked(y.Length * (int)width)], new Shape([.. dims, (int)width]));
        for (int i = 0; i < y.Length; i++)
        {
            long at = y[i] < 0 ? y[i] + width : y[i];
            if (at < 0 || at >= width)
            {
                throw new ArgumentOutOfRangeException(nameof(classes), $"The class {y[i]} is out of range for {width} classes.");
            }

            categorical.Span[checked((int)((i * width) + at))] = 1;
        }

        return categorical;
    }

    /// <summary>Keras's <c>normalize</c>: divides by the norm along an axis; where that is 0, by 1.</summary>
    /// <remarks>Keras 3 takes <c>axis=0</c> for −1 when it divides, after norms along axis 0; here axis 0 is axis 0, as in Keras 1 and 2.</remarks>
    /// <param name="x">Numbers.</param>
    /// <param name="axis">The axis; negative from the last.</param>
    /// <param name="order">The norm's order p: (Σ|x|^p)^(1/p); 0 counts what is not zero, infinity takes the largest.</param>
    /// <returns>The shape of <paramref name="x"/>; <c>(1, n)</c> where that is <c>(n)</c>, as in Keras.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public static Tensor<double> Normalize(Tensor x, int axis = -1, double order = 2)
    {
        int rank = x.Shape.Rank;
        if (axis < -rank || axis >= rank)
        {
            throw new ArgumentOutOfRangeException(nameof(axis), $"{x.Shape} has no axis {axis}.");
        }

        axis = axis < 0 ? axis + rank : axis;
        double[] values = x.Cast(DType.Float64).As<double>().ToArray();
        int length = x.Shape[axis], inner = x.Shape.Product(axis + 1, rank);
        for (int line = 0; line < (length == 0 ? 0 : values.Length / length); line++)
        {
            int start = (line / inner * inner * length) + (line % inner);
            double norm = Norm(values, start, inner, length, order);
            for (int i = 0; i < length; i++)
            {
                values[start + (i * inner)] /= norm == 0 ? 1 : norm;
            }
        }

        return new Tensor<double>(values, rank == 1 ? new Shape([1, length]) : x.Shape);
    }

    private static double Norm(double[] values, int start, int step, int length, double order)
    {
        double norm = 0;
        for (int i = 0; i < length; i++)
        {
            double size = Math.Abs(values[start + (i * step)]);
            norm = order switch
            {
                0 => norm + (size == 0 ? 0 : 1),
                1 => norm + size,
                2 => norm + (size * size),
                double.PositiveInfinity => Math.Max(norm, size),
                _ => norm + Math.Pow(size, order),
            };
        }

        return order switch
        {
            0 or 1 or double.PositiveInfinity => norm,
            2 => Math.Sqrt(norm),
            _ => Math.Pow(norm, 1 / order),
        };
    }
}
