using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>What is known about the file while its architecture is rewritten, and the problems found on the way.</summary>
internal sealed class DialectContext
{
    private readonly Dictionary<string, int> _madeNames = [];
    private readonly List<Problem> _problems = [];

    public DialectContext(Generation generation, DialectOptions options, JObject model)
    {
        Generation = generation;
        Options = options;
        string? recorded = DataFormats.Infer(model);
        Backend = options.Backend ?? (model["backend"] as JValue)?.Value as string ?? Keras1Backend(recorded);
        ImageDataFormat = options.DataFormat ?? recorded ?? (IsTheano ? DataFormats.First : DataFormats.Last);
    }

    /// <summary>Who wrote the architecture.</summary>
    public Generation Generation { get; }

    /// <summary>What the caller and the file say.</summary>
    public DialectOptions Options { get; }

    /// <summary>The backend that trained the weights; null where nothing tells.</summary>
    public string? Backend { get; }

    /// <summary>True where Theano trained the weights: it convolves and pads in its own way.</summary>
    public bool IsTheano => Backend == "theano";

    /// <summary>The order of image axes for layers that do not record it (Keras 1).</summary>
    public string ImageDataFormat { get; }

    /// <summary>All that stands in the way so far.</summary>
    public IReadOnlyList<Problem> Problems => _problems;

    /// <summary>Notes something that stands in the way.</summary>
    public void Report(string place, string found, string expected, string? remedy = null) =>
        _problems.Add(new Problem(place.Length == 0 ? "model" : place, found, expected, remedy ?? "mend the config, or save the model again"));

    /// <summary>A name for a layer that the file leaves without one, as Keras makes them.</summary>
    public string MadeName(string className)
    {
        string stem = SnakeCase.Of(className);
        int count = _madeNames[stem] = _madeNames.GetValueOrDefault(stem) + 1;
        return $"{stem}_{count}";
    }

    /// <summary>The shapes of a layer's stored arrays; null where the file lists no such layer.</summary>
    public IReadOnlyList<Shape>? StoredShapes(string layer) =>
        Options.Weights?.Layers.FirstOrDefault(stored => stored.Name == layer)?.Arrays.Select(array => array.Shape).ToArray();

    /// <summary>Fails where models nest too deep to follow, or the load is no longer wanted.</summary>
    public void CheckDepth(int depth, string place)
    {
        Options.Limits.CancellationToken.ThrowIfCancellationRequested();
        if (depth > Options.Limits.MaxDepth)
        {
            throw new ResourceLimitException(place, $"models nested {depth} deep", $"at most {Options.Limits.MaxDepth} levels");
        }
    }

    /// <summary>Who wrote the architecture, for people.</summary>
    public string Describe() => IsTheano ? $"{Generation} (Theano)" : Generation.ToString();

    /// <summary>Keras 1 names no backend, but TensorFlow's variables end in <c>:0</c> and Theano's do not. Without weights its order of axes is all there is.</summary>
    private string? Keras1Backend(string? recordedOrder)
    {
        if (Generation.Era != Era.Keras1)
        {
            return null;
        }

        bool isTheano = Options.Weights?.Arrays.FirstOrDefault() is { } any
            ? !any.Name.EndsWith(":0", StringComparison.Ordinal)
            : recordedOrder == DataFormats.First;
        return isTheano ? "theano" : "tensorflow";
    }
}
