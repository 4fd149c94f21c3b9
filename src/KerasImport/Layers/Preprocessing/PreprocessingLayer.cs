using KerasCompat.Containers;
using KerasCompat.Dialects;
using KerasCompat.Layers;
using KerasCompat.Runtime;
using KerasCompat.Runtime.Cpu;
using Newtonsoft.Json.Linq;

namespace KerasCompat;

/// <summary>One of Keras's preprocessing layers outside a model: adapted to data, called, read out.</summary>
/// <remarks>
/// <code>
/// var vectorize = PreprocessingLayer.Create("TextVectorization", """{"max_tokens": 20000, "output_sequence_length": 200}""");
/// vectorize.Adapt(File.ReadLines("corpus.txt"));
/// Tensor indices = vectorize.Call(Tensor.From(["What a film!"], 1));      // int64 (1, 200)
/// </code>
/// Calls may come from many threads; nobody may call while it adapts. Any layer of Keras without trained weights can be made.
/// </remarks>
public sealed class PreprocessingLayer
{
    private const int TextsOfABatch = 1024;

    private static readonly Dictionary<string, Tensor> NoNames = [];

    private readonly Lock _lock = new();
    private readonly Dictionary<string, CpuExecutable> _executables = new(StringComparer.Ordinal);

    private PreprocessingLayer(Layer layer) => Layer = layer;

    /// <summary>The layer.</summary>
    public Layer Layer { get; }

    /// <summary>Makes a layer of its class and config.</summary>
    /// <param name="className">Keras's class name: <c>TextVectorization</c>, <c>Normalization</c>, <c>Hashing</c>, …</param>
    /// <param name="config">The constructor's arguments by Keras's names, as JSON; <c>json.dumps(layer.get_config())</c> is one.</param>
    /// <param name="kerasVersion">Whose defaults and meanings count (<c>2.15.0</c>); the newest Keras 3 where it is null.</param>
    /// <param name="options">Limits, and how unknown keys are met.</param>
    /// <exception cref="ModelFormatException">The config is no JSON object, or makes no sense.</exception>
    /// <exception cref="UnsupportedModelException">There is no such layer, or it cannot honour the config; all that stands in the way is named.</exception>
    public static PreprocessingLayer Create(string className, string config = "{}", string? kerasVersion = null, LoadOptions? options = null)
    {
        options ??= new LoadOptions();
        JObject arguments = JsonText.AsObject(JsonText.Parse(config, className, options.Limits), className);
        var entry = new JObject { ["class_name"] = className, ["config"] = arguments };
        var generation = kerasVersion is null ? new Generation(Era.Keras3, null) : Generation.Of(entry, kerasVersion);
        var context = new DialectContext(generation, new DialectOptions { Limits = options.Limits, Backend = options.Backend }, entry);
        JObject canonical = Dialects.Layers.Rewrite(entry, className, context, 0);
        var factory = new LayerFactory(options);
        Layer? layer = factory.TryCreate(canonical, className);
        Problem[] problems = [.. context.Problems, .. factory.Problems];
        return problems.Length == 0 ? new PreprocessingLayer(layer!) : throw new UnsupportedModelException(problems);
    }

    /// <summary>Learns from all the data at once, as Keras's <c>adapt</c> does of an array; what was learnt before is replaced.</summary>
    /// <param name="data">The data, <c>(samples, …)</c>. To lookups a vector is as many documents.</param>
    /// <exception cref="InvalidOperationException">The layer does not learn from data, or was made with what it would learn.</exception>
    /// <exception cref="ArgumentException">The data do not fit, or are none.</exception>
    public void Adapt(Tensor data) => Adapt([data]);

    /// <summary>Learns a vocabulary from texts, each a document; they are read once.</summary>
    /// <inheritdoc cref="Adapt(Tensor)"/>
    public void Adapt(IEnumerable<string> texts) => Adapt(texts.Chunk(TextsOfABatch).Select(t => (Tensor)Tensor.From(t, t.Length, 1)));

    /// <summary>Learns from batches, read once. A Discretization's boundaries hang on how they are cut: tf.keras cuts arrays into batches of 32 rows, Keras 3 not at all.</summary>
    /// <inheritdoc cref="Adapt(Tensor)"/>
    public void Adapt(IEnumerable<Tensor> batches)
    {
        IAdaptiveLayer adaptive = KerasModel.Adaptive(Layer);
        adaptive.State = adaptive.Learn(batches);
        lock (_lock)
        {
            _executables.Clear();
        }
    }

    /// <summary>Applies the layer.</summary>
    /// <param name="inputs">Its inputs: one, or two and more for layers that take several.</param>
    /// <returns>The output; its shape follows Keras.</returns>
    /// <exception cref="ModelFormatException">The inputs do not fit, or the layer lacks what it would have learnt.</exception>
    /// <exception cref="InvalidOperationException">A Normalization was never adapted, or the output is ragged: see <see cref="CallRagged"/>.</exception>
    public Tensor Call(params IReadOnlyList<Tensor> inputs) => One(Run(inputs, NoNames));

    /// <summary>Applies the layer to one input and tensors that its call takes by name.</summary>
    /// <param name="input">Its input.</param>
    /// <param name="named">The other tensors by Keras's names of the arguments: <c>count_weights</c> of a CategoryEncoding.</param>
    /// <inheritdoc cref="Call(IReadOnlyList{Tensor})"/>
    public Tensor Call(Tensor input, IReadOnlyDictionary<string, Tensor> named) => One(Run([input], named));

    /// <summary>Applies a layer whose output is ragged: a TextVectorization with <c>ragged</c>.</summary>
    /// <exception cref="ModelFormatException">The inputs do not fit, or the layer lacks what it would have learnt.</exception>
    /// <exception cref="InvalidOperationException">The output is not ragged.</exception>
    public RaggedTensor CallRagged(params IReadOnlyList<Tensor> inputs) => Run(inputs, NoNames) is [var rows, var lengths]
        ? new RaggedTensor(rows, lengths)
        : throw new InvalidOperationException($"{Layer.Config.Place} gives a plain tensor; call Call");

    private Tensor One(Tensor[] outputs) => outputs is [var output]
        ? output
        : throw new InvalidOperationException($"{Layer.Config.Place} gives rows of different lengths; call CallRagged");

    private Tensor[] Run(IReadOnlyList<Tensor> inputs, IReadOnlyDictionary<string, Tensor> named)
    {
        (string Name, Tensor Tensor)[] all = [.. inputs.Select((x, i) => ($"input_{i}", x)), .. named.OrderBy(n => n.Key, StringComparer.Ordinal).Select(n => (n.Key, n.Value))];

        // The batch is open, as in a model; any other change of type or shape takes a graph of its own.
        string key = string.Join(';', all.Select(a => $"{a.Name} {a.Tensor.DType} {(a.Tensor.Shape.Rank == 0 ? "()" : string.Join(',', a.Tensor.Shape.Dims[1..].ToArray()))} {a.Tensor.Shape.Rank}"));
        CpuExecutable? executable;
        lock (_lock)
        {
            if (!_executables.TryGetValue(key, out executable))
            {
                _executables[key] = executable = new CpuExecutable(Lowered(all, inputs.Count));
            }
        }

        return executable.Run([.. all.Select(a => a.Tensor)]);
    }

    private Graph Lowered(IReadOnlyList<(string Name, Tensor Tensor)> inputs, int positional)
    {
        var g = new GraphBuilder();
        Value[] declared =
        [
            .. inputs.Select(x => g.Input(x.Name, x.Tensor.DType, new SymbolicShape(x.Tensor.Shape.Select((d, axis) => axis == 0 ? Dim.Symbol("batch") : (Dim)d)))),
        ];
        KerasTensor[] tensors = [.. declared.Select(d => new KerasTensor(d))];
        Structure argument = positional == 1 ? tensors[0] : Structure.Of(tensors[..positional]);
        Dictionary<string, Structure> named = tensors.Skip(positional).Zip(inputs.Skip(positional)).ToDictionary(n => n.Second.Name, n => (Structure)n.First);
        KerasTensor result = Layer.Invoke(g, new Layers.CallArguments([argument], named)).Tensors().Single();
        return g.Build(declared, result.Lengths is { } lengths ? [result.Value, lengths] : [result.Value]);
    }
}
