using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>
/// A layer: its config, its weights, what it does with masks, and what it computes, said once by lowering to graph operators.
/// </summary>
/// <remarks>
/// A layer's file reads: doc comment (formula, shapes, keys, weights, versions) · constructor (config) · <c>Build</c>
/// (weights) · <see cref="MaskRule"/> · <see cref="Call"/>. It knows nothing of files, versions or devices.
/// </remarks>
public abstract class Layer
{
    private readonly List<Weight> _weights = [];

    /// <summary>Reads what every layer has.</summary>
    protected Layer(LayerConfig config)
    {
        Config = config;
        Name = config.Name;
        Policy = config.Policy;
    }

    /// <summary>The instance's name.</summary>
    public string Name { get; }

    /// <summary>Keras's class name.</summary>
    public string ClassName => Config.ClassName;

    /// <summary>The config.</summary>
    public LayerConfig Config { get; }

    /// <summary>The types it computes in and keeps its variables in.</summary>
    public DTypePolicy Policy { get; }

    /// <summary>True once its weights are declared.</summary>
    public bool IsBuilt { get; private set; }

    /// <summary>Its own weights in the order Keras creates them; those of inner layers are theirs.</summary>
    public IReadOnlyList<Weight> OwnWeights => _weights;

    /// <summary>Its inner layers in the order Keras tracks them, with the attribute that holds each.</summary>
    public virtual IReadOnlyList<Sublayer> Sublayers => [];

    /// <summary>All weights in the order of Keras's <c>get_weights()</c>.</summary>
    /// <remarks>A layer's own trainable weights come before its others, then those of inner layers, layer by layer.</remarks>
    public virtual IEnumerable<Weight> Weights => OwnWeights.OrderBy(w => w.Trainable ? 0 : 1).Concat(Sublayers.SelectMany(s => s.Layer.Weights)).Distinct();

    /// <summary>The values of the layer's weights, in Keras's order.</summary>
    /// <exception cref="InvalidOperationException">A weight has no value yet.</exception>
    public Tensor[] GetWeights() => [.. Weights.Select(w => w.Value)];

    /// <summary>The weights that a <c>.weights.h5</c> keeps in the layer's own group, in order.</summary>
    protected internal virtual IReadOnlyList<Weight> StoredWeights => OwnWeights;

    /// <summary>What happens to the mask of the input.</summary>
    protected internal abstract MaskRule MaskRule { get; }

    /// <summary>What the layer does with a ragged input; unless it says so it takes none.</summary>
    /// <param name="rank">The input's number of axes.</param>
    protected internal virtual RaggedRule RaggedRuleOf(int rank) => RaggedRule.Refuses;

    /// <summary>Whether floating arguments are cast to the compute type before the call, as Keras's autocast does.</summary>
    protected virtual bool Autocasts => true;

    /// <summary>The type that Keras casts floating arguments of a call to; null where it leaves them as they are.</summary>
    internal virtual DType? ArgumentType => Autocasts ? Policy.Compute : null;

    /// <summary>Applies the layer: declares its weights on the first call, casts, computes, and settles the masks.</summary>
    /// <exception cref="KerasCompatException">The arguments do not fit.</exception>
    public Structure Invoke(GraphBuilder graph, CallArguments arguments)
    {
        using IDisposable scope = graph.Enter(Name);
        try
        {
            return InvokeUnguarded(graph, arguments);
        }
        catch (Exception e) when (e is ArgumentException or ArithmeticException or InvalidOperationException or IndexOutOfRangeException or InvalidCastException or FormatException)
        {
            // What a config can make nonsense of is endless; whatever it breaks, the message names the layer.
            throw new ModelFormatException(Config.Place, $"a config and inputs that make no sense together ({e.Message})", "a layer that Keras could call", LayerConfig.Mend, e);
        }
    }

    private Structure InvokeUnguarded(GraphBuilder graph, CallArguments arguments)
    {
        if (Autocasts)
        {
            arguments = arguments.Map(t => t.Value.DType.IsFloating() ? t with { Value = graph.Cast(t.Value, Policy.Compute) } : t);
        }

        Value? lengths = RaggedRows.SharedLengths(this, arguments);
        bool masksRows = false;
        if (lengths is not null)
        {
            masksRows = RaggedRuleOf(arguments.Positional[0].Tensors().First().Shape.Rank) == RaggedRule.Masks;
            arguments = arguments.Map(t => t.Lengths is null ? t : new KerasTensor(t.Value, masksRows ? RaggedRows.Mask(graph, t) : null));
        }

        EnsureBuilt(arguments);
        var call = new LayerCall(graph, this, arguments);
        Structure result = Call(call);
        call.CheckAllRead();
        Structure settled = MaskRule switch
        {
            MaskRule.Passes => result.Map(t => t with { Mask = call.Mask }),
            MaskRule.Drops => result.Map(t => t with { Mask = null }),
            _ => result,
        };
        return lengths is null ? settled : settled.Map(t => t with { Mask = null, Lengths = masksRows && t.Mask is null ? null : lengths });
    }

    /// <summary>Applies the layer to one tensor and expects one.</summary>
    public KerasTensor Invoke(GraphBuilder graph, KerasTensor input) => Invoke(graph, CallArguments.Of(input)).Tensors().Single();

    /// <summary>Declares the weights if no call has done so yet.</summary>
    public void EnsureBuilt(CallArguments arguments)
    {
        if (!IsBuilt)
        {
            Build(arguments);
            IsBuilt = true;
        }
    }

    /// <summary>Declares the weights of a layer of one input if no call has done so yet.</summary>
    public void EnsureBuilt(SymbolicShape input)
    {
        if (!IsBuilt)
        {
            Build(input);
            IsBuilt = true;
        }
    }

    /// <summary>Drops the layer's own weights, to be declared anew at the next call: their shapes hang on what the layer has learnt.</summary>
    internal void Unbuild()
    {
        _weights.Clear();
        IsBuilt = false;
    }

    /// <summary>Declares the weights, with <see cref="AddWeight"/> in Keras's order.</summary>
    protected virtual void Build(CallArguments arguments)
    {
        if (arguments.Positional.SelectMany(p => p.Tensors()).FirstOrDefault() is { } first)
        {
            Build(Settled(first.Shape));
        }
    }

    /// <summary>An input's shape in which sizes that are open are those that the file says the layer was built for.</summary>
    private SymbolicShape Settled(SymbolicShape shape) =>
        Config.Json["build_config"]?["input_shape"] is JArray built && built.Count == shape.Rank
            ? new SymbolicShape(shape.Select((size, axis) => axis > 0 && size.ValueOrNull is null && built[axis] is JValue { Value: long known and >= 0 and <= int.MaxValue } ? (Dim)(int)known : size))
            : shape;

    /// <summary>Declares the weights of a layer of one input.</summary>
    /// <param name="input">The input's shape, the batch axis included.</param>
    protected virtual void Build(SymbolicShape input)
    {
    }

    /// <summary>Computes the outputs.</summary>
    protected abstract Structure Call(LayerCall call);

    /// <summary>Declares a weight.</summary>
    /// <param name="name">Keras's name: <c>kernel</c>.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="trainable">False for moving statistics and the like.</param>
    /// <param name="dtype">The type it is stored as; the policy's variable type unless told.</param>
    protected Weight AddWeight(string name, ReadOnlySpan<int> shape, bool trainable = true, DType? dtype = null)
    {
        DType type = dtype ?? Policy.Variable;
        long bytes = type.Size();
        foreach (int dim in shape)
        {
            if (dim < 0)
            {
                throw new ModelFormatException(Config.Place, $"size {dim} for weight \"{name}\"", "a size of 0 or more", LayerConfig.Mend);
            }

            bytes = dim == 0 ? 0 : bytes > long.MaxValue / dim ? long.MaxValue : bytes * dim;
        }

        long limit = Math.Min(Config.Factory.Options.Limits.MaxArrayBytes, (long)int.MaxValue * type.Size());
        if (bytes > limit)
        {
            throw new ResourceLimitException(Config.Place, $"weight \"{name}\" of shape ({string.Join(", ", shape.ToArray())}), {bytes} bytes", $"at most {limit} bytes", "raise LoadOptions.Limits if the model is yours");
        }

        var weight = new Weight(name, type, new Shape(shape), trainable);
        _weights.Add(weight);
        return weight;
    }

    /// <summary>A size that must be known to declare weights.</summary>
    /// <exception cref="ModelFormatException">The size is open.</exception>
    protected int Known(Dim dim, string what) => dim.ValueOrNull
        ?? throw new ModelFormatException(Config.Place, $"{what} of unknown size", "a fixed size", "the file leaves the input shape open; weights of this layer need it");

    /// <summary>Class and name.</summary>
    public override string ToString() => Config.Place;
}

/// <summary>A layer inside another.</summary>
/// <param name="Attribute">Keras's attribute that holds it, which names its group in weight files: <c>cell</c>, <c>forward_layer</c>.</param>
/// <param name="Layer">The layer.</param>
/// <param name="OlderAttribute">The attribute in older versions, where it differs: <c>_query_dense</c>.</param>
public sealed record Sublayer(string Attribute, Layer Layer, string? OlderAttribute = null);
