using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>
/// An <see cref="Embedding"/> that can also be called with <c>reverse=True</c>: <c>(batch, …, output_dim)</c> → logits <c>(batch, …,
/// input_dim)</c>.
/// </summary>
/// <remarks>
/// <c>logits = x · embeddingsᵀ</c>, or with <c>tie_weights</c> false <c>x · reverse_embeddings</c>; with a soft cap c they become
/// <c>c · tanh(logits / c)</c>. Config: Embedding's, <c>tie_weights</c> (true), <c>reverse_dtype</c> (the type of the product),
/// <c>logit_soft_cap</c>. Weights: Embedding's, then <c>reverse_embeddings</c> (output_dim, input_dim) where they are not tied, with its
/// scale (and zero) where they are quantized. Quantized layers round the inputs of the product. Keras 3.13 and later.
/// </remarks>
internal sealed class ReversibleEmbedding : Embedding
{
    private readonly bool _tied;
    private readonly double? _softCap;
    private readonly DType? _reverseType;
    private Weight? _reverse;
    private Weight? _reverseScale;
    private Weight? _reverseZero;

    public ReversibleEmbedding(LayerConfig config)
        : base(config)
    {
        _tied = config.Bool("tie_weights", true);
        _softCap = config.DoubleOrNull("logit_soft_cap");
        _reverseType = config.StringOrNull("reverse_dtype") is not { } name ? null
            : DTypes.TryParse(name, out DType type) ? type
            : throw config.Wrong("reverse_dtype", name, "an element type");
    }

    protected override void Build(CallArguments arguments)
    {
        base.Build(arguments);
        if (_tied)
        {
            return;
        }

        if (Scheme is null)
        {
            _reverse = AddWeight("reverse_embeddings", [OutputDim, InputDim]);
            return;
        }

        bool packed = Scheme.Mode == "int4";
        int? blocks = packed && Scheme.BlockSize is { } size ? (OutputDim + size - 1) / size : null;
        int[] scaleShape = blocks is { } count ? [count, InputDim] : [InputDim];
        int rows = packed ? (OutputDim + 1) / 2 : OutputDim;
        _reverse = AddWeight("reverse_embeddings", [rows, InputDim], trainable: false, DType.Int8);
        _reverseScale = AddWeight("reverse_embeddings_scale", scaleShape, trainable: false);
        _reverseZero = blocks is null ? null : AddWeight("reverse_embeddings_zero", scaleShape, trainable: false);
    }

    protected override Structure Call(LayerCall call)
    {
        if (call.Constant(1, "reverse") is not JValue { Value: true })
        {
            return base.Call(call);
        }

        GraphBuilder g = call.Graph;
        Value x = g.Cast(call.Input.Value, Policy.Compute);
        Value kernel = _tied ? g.Transpose(Table(call), [1, 0]) : ReverseKernel(call);
        Value? scale = null;
        if (Scheme?.Activations is { } quantizer)
        {
            (x, scale) = quantizer.Apply(g, x, [-1]);
        }

        DType type = _reverseType ?? x.DType;
        Value logits = g.MatMul(g.Cast(x, type), g.Cast(kernel, type));
        logits = scale is null ? logits : g.Div(logits, scale);
        return new KerasTensor(_softCap is { } cap ? g.Mul(g.Tanh(g.Div(logits, cap)), cap) : logits);
    }

    private Value ReverseKernel(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        if (Scheme is null)
        {
            return call.Weight(_reverse!);
        }

        Value stored = g.Weight(_reverse!);
        Value integers = g.Cast(Scheme.Mode == "int4" ? Int4Packing.Unpack(g, stored, 0, OutputDim) : stored, Policy.Compute);
        return _reverseZero is null
            ? g.Div(integers, call.Weight(_reverseScale!))
            : QuantizedBlocks.Restore(call, integers, _reverseScale!, _reverseZero, TableBlock!, axis: 0);
    }
}
