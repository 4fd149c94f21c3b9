using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>A product of inputs with a kernel kept in few bits.</summary>
/// <remarks>
/// Weights in their stored order, of a kernel of R rows (summed over) and C columns:
/// int8: kernel, bias, scale of the columns; <c>y = x_q · K_q / (s_K · s_x)</c> with inputs rounded in the same way.
/// int4: kernel packed (R, ⌈C/2⌉), bias, scale (C), <c>K = K_q / s</c>; packed by rows as int8, but with half of the first summed axis;
/// with blocks scale (blocks, C), zero (blocks, C) and g_idx
/// (R), the block of each row, <c>K = (K_q − zero) · s</c>.
/// float8: kernel, bias, and for inputs, kernel and the outputs' gradients a scale and a history of maxima; inputs and kernel are
/// rounded to eight bits and back.
/// </remarks>
internal sealed class QuantizedKernel
{
    private readonly QuantizationScheme _scheme;
    private readonly int[] _shape;
    private readonly int _columns;
    private readonly int _summedAxis;
    private readonly Weight _kernel;
    private readonly Weight _scale;
    private readonly Weight? _zero;
    private readonly Weight? _block;
    private readonly Weight? _inputScale;

    /// <summary>Declares a kernel and its bias.</summary>
    /// <param name="scheme">How it is stored.</param>
    /// <param name="shape">The kernel's shape as it would be unquantized.</param>
    /// <param name="rows">How many of its elements a column has.</param>
    /// <param name="summedAxis">The first of the kernel's axes that are summed over.</param>
    /// <param name="scaleShape">The shape of the scale of int8, and of int4 packed by rows.</param>
    /// <param name="bias">The bias's shape, or null for none.</param>
    /// <param name="add">Declares a weight by name, shape, trainability and type.</param>
    public QuantizedKernel(QuantizationScheme scheme, int[] shape, int rows, int summedAxis, int[] scaleShape, int[]? bias, AddWeight add)
    {
        _scheme = scheme;
        _shape = shape;
        int length = shape.Aggregate(1, (a, b) => a * b);
        _columns = length / Math.Max(rows, 1);
        _summedAxis = summedAxis;
        bool isFloat = scheme.Mode == "float8";
        _kernel = isFloat ? add("kernel", shape, true, null)
            : add("kernel", scheme.Mode == "int8" ? shape : scheme.PacksRows ? Halved() : [rows, (_columns + 1) / 2], false, DType.Int8);
        Bias = bias is null ? null : add("bias", bias, true, null);
        if (isFloat)
        {
            _inputScale = add("inputs_scale", [], true, DType.Float32);
            add("inputs_amax_history", [scheme.HistoryLength], true, DType.Float32);
            _scale = add("kernel_scale", [], true, DType.Float32);
            add("kernel_amax_history", [scheme.HistoryLength], true, DType.Float32);
            add("outputs_grad_scale", [], true, DType.Float32);
            add("outputs_grad_amax_history", [scheme.HistoryLength], true, DType.Float32);
        }
        else if (scheme is { Mode: "int4", BlockSize: { } block })
        {
            int blocks = (rows + block - 1) / block;
            _scale = add("kernel_scale", [blocks, _columns], false, null);
            _zero = add("kernel_zero", [blocks, _columns], false, DType.Int8);
            _block = add("g_idx", [rows], false, DType.Float32);
        }
        else
        {
            _scale = add("kernel_scale", scheme is { Mode: "int4", PacksRows: false } ? [_columns] : scaleShape, false, null);
        }
    }

    /// <summary>Declares a weight.</summary>
    public delegate Weight AddWeight(string name, int[] shape, bool trainable, DType? dtype);

    /// <summary>The bias.</summary>
    public Weight? Bias { get; }

    /// <summary>The bias as float8 adds it: through bfloat16 where the layer computes in float32.</summary>
    public Value? BiasValue(LayerCall call)
    {
        Value? bias = call.WeightOrNull(Bias);
        return bias is { DType: DType.Float32 } && _scheme.Mode == "float8"
            ? call.Graph.Cast(call.Graph.Cast(bias, DType.BFloat16), DType.Float32)
            : bias;
    }

    /// <summary>The product.</summary>
    /// <param name="call">The layer's call.</param>
    /// <param name="x">The inputs.</param>
    /// <param name="summed">The axes of the inputs that the product sums over.</param>
    /// <param name="product">The product of inputs and a kernel of the unquantized shape.</param>
    /// <param name="toOutput">Brings a scale of the inputs, 1 on the summed axes, into the layout of the result.</param>
    public Value Product(LayerCall call, Value x, int[] summed, Func<Value, Value, Value> product, Func<Value, Value> toOutput)
    {
        GraphBuilder g = call.Graph;
        if (_scheme.Mode == "float8")
        {
            Value inputs = Float8.ThereAndBack(g, x, g.Cast(g.Weight(_inputScale!), x.DType));
            return product(inputs, Float8.ThereAndBack(g, call.Weight(_kernel), g.Cast(g.Weight(_scale), x.DType)));
        }

        Value kernel = _scheme.Mode == "int8" ? g.Cast(g.Weight(_kernel), x.DType) : Int4Kernel(call, x.DType);
        (Value rounded, Value? inputScale) = _scheme.Activations is { } quantizer && _zero is null
            ? quantizer.Apply(g, x, summed)
            : (x, null);
        Value y = product(rounded, kernel);
        if (_scheme.Mode == "int8" || _scheme.PacksRows)
        {
            y = g.Div(y, call.Weight(_scale));
        }

        return inputScale is null ? y : g.Div(y, toOutput(inputScale));
    }

    /// <summary>The kernel's shape with its first summed axis packed.</summary>
    private int[] Halved() => [.. _shape.Select((size, axis) => axis == _summedAxis ? (size + 1) / 2 : size)];

    private Value Int4Kernel(LayerCall call, DType dtype)
    {
        GraphBuilder g = call.Graph;
        if (_scheme.PacksRows)
        {
            return g.Cast(Int4Packing.Unpack(g, g.Weight(_kernel), _summedAxis, _shape[_summedAxis]), dtype);
        }

        Value unpacked = g.Cast(Int4Packing.Unpack(g, g.Weight(_kernel), 1, _columns), dtype);
        Value kernel = _zero is null
            ? g.Div(unpacked, call.Weight(_scale))
            : QuantizedBlocks.Restore(call, unpacked, _scale, _zero, _block!, axis: 0);
        return g.Reshape(kernel, new SymbolicShape(_shape.Select(d => (Dim)d)));
    }
}
