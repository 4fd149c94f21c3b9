using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>What lies outside of an image that is sampled; Keras's <c>fill_mode</c>. Shown for an axis a b c d.</summary>
public enum FillMode
{
    /// <summary>k k k k | a b c d | k k k k, k being the fill value.</summary>
    Constant,

    /// <summary>a a a a | a b c d | d d d d.</summary>
    Nearest,

    /// <summary>a b c d | a b c d | a b c d.</summary>
    Wrap,

    /// <summary>c d c b | a b c d | c b a b.</summary>
    Mirror,

    /// <summary>d c b a | a b c d | d c b a.</summary>
    Reflect,
}

/// <summary>
/// The values of x at coordinates (axes of x, …) that need not be whole: Keras's <c>ops.image.map_coordinates</c>, after
/// <c>scipy.ndimage</c>. ONNX has GridSample for images.
/// </summary>
/// <remarks>Inputs: x, coordinates; one coordinate for each axis of x. The result has the shape of one axis' coordinates.</remarks>
/// <param name="Linear">Whether neighbours are interpolated; else the nearest is taken, halves away from zero.</param>
/// <param name="FillMode">What lies outside.</param>
/// <param name="FillValue">The value outside for <see cref="FillMode.Constant"/>.</param>
public sealed record MapCoordinates(bool Linear, FillMode FillMode, double FillValue = 0) : Op, IFloatingKernel
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        SymbolicShape x = inputs.Shape(0), coordinates = inputs.Shape(1);
        if (coordinates.Rank == 0 || coordinates[0] != x.Rank || inputs.DType(0) != inputs.DType(1))
        {
            throw inputs.Fail($"{inputs.Type(0)} at coordinates {inputs.Type(1)}", $"coordinates ({x.Rank}, …) of the same type");
        }

        return [new TensorType(inputs.DType(0), coordinates.Without(0))];
    }

    internal override CpuKernel Bind(CpuBinding binding) => binding.Floating(this);

    CpuKernel IFloatingKernel.Make<T>(CpuBinding binding)
    {
        Slot x = binding.Input(0), coordinates = binding.Input(1), y = binding.Output(0);
        int[] sizes = x.Shape.Dims.ToArray(), strides = x.Shape.Strides();
        return frame =>
        {
            ReadOnlySpan<T> image = frame.Span<T>(x), all = frame.Span<T>(coordinates);
            Span<T> result = frame.Span<T>(y);
            Span<T> at = stackalloc T[sizes.Length];
            for (int i = 0; i < result.Length; i++)
            {
                for (int axis = 0; axis < at.Length; axis++)
                {
                    at[axis] = all[(axis * result.Length) + i];
                }

                result[i] = Sample(image, at, sizes, strides);
            }
        };
    }

    /// <summary>The sum over the corners of the cell that holds a point, or the nearest place.</summary>
    private T Sample<T>(ReadOnlySpan<T> image, ReadOnlySpan<T> at, int[] sizes, int[] strides)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T sum = T.Zero;
        for (int corner = 0; corner < (Linear ? 1 << sizes.Length : 1); corner++)
        {
            T weight = T.One;
            int offset = 0;
            bool inside = true;
            for (int axis = 0; axis < sizes.Length; axis++)
            {
                T floor = Linear ? T.Floor(at[axis]) : T.Round(at[axis], MidpointRounding.AwayFromZero);
                bool upper = (corner >> axis & 1) != 0;
                weight *= !Linear ? T.One : upper ? at[axis] - floor : T.One - (at[axis] - floor);
                int index = Inside(int.CreateSaturating(floor) + (upper ? 1 : 0), sizes[axis]);
                inside &= index >= 0;
                offset += index * strides[axis];
            }

            sum += weight == T.Zero ? T.Zero : weight * (inside ? image[offset] : T.CreateChecked(FillValue));
        }

        return sum;
    }

    /// <summary>The place that an index outside of an axis stands for; −1 for the fill value.</summary>
    private int Inside(int index, int size)
    {
        switch (FillMode)
        {
            case FillMode.Nearest:
                return Math.Clamp(index, 0, size - 1);
            case FillMode.Wrap:
                return Modulo(index, size);
            case FillMode.Mirror:
                return size == 1 ? 0 : Math.Abs(Modulo(index + size - 1, 2 * (size - 1)) - (size - 1));
            case FillMode.Reflect:
                int twice = Modulo(index, 2 * size);
                return twice < size ? twice : (2 * size) - 1 - twice;
            default:
                return index >= 0 && index < size ? index : -1;
        }

        static int Modulo(int a, int b) => ((a % b) + b) % b;
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The values of x at coordinates (axes of x, …).</summary>
    public Value MapCoordinates(Value x, Value coordinates, bool linear, FillMode fillMode, double fillValue = 0) =>
        Apply(new MapCoordinates(linear, fillMode, fillValue), x, coordinates);
}
