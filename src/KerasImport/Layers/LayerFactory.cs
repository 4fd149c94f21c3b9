using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>Makes layers of canonical configs and gathers what stands in the way.</summary>
internal sealed class LayerFactory(LoadOptions options, string? kerasVersion = null)
{
    private readonly Dictionary<string, Layer> _shared = new(StringComparer.Ordinal);
    private readonly List<Problem> _problems = [];
    private int _depth;

    public LoadOptions Options => options;

    /// <summary>The Keras version that wrote the architecture, where the file says so.</summary>
    public string? KerasVersion => kerasVersion;

    /// <summary>Everything that cannot be honoured, in the order of the file.</summary>
    public IReadOnlyList<Problem> Problems => _problems;

    /// <summary>Makes a layer.</summary>
    /// <exception cref="KerasCompatException">It cannot be made; the problems noted so far stay noted.</exception>
    public Layer Create(JObject json, string place)
    {
        options.CancellationToken.ThrowIfCancellationRequested();
        string? shared = (string?)json["shared_id"];
        if (shared is not null && _shared.TryGetValue(shared, out Layer? known))
        {
            return known;
        }

        if (++_depth > options.Limits.MaxDepth)
        {
            throw new ResourceLimitException(place, $"models nested {_depth} deep", $"at most {options.Limits.MaxDepth}");
        }

        try
        {
            var config = new LayerConfig(json, place, this);
            Layer layer = Make(config);
            _problems.AddRange(config.Problems);
            _problems.AddRange(LeftInStrictMode(config.UnknownKeys));
            if (shared is not null)
            {
                _shared.Add(shared, layer);
            }

            return layer;
        }
        finally
        {
            _depth--;
        }
    }

    /// <summary>Makes a layer; where that fails, notes why and returns null.</summary>
    public Layer? TryCreate(JObject json, string place)
    {
        try
        {
            return Create(json, place);
        }
        catch (UnsupportedModelException e)
        {
            _problems.AddRange(e.Problems);
        }
        catch (ModelFormatException e)
        {
            _problems.Add(e.Problem);
        }
        catch (Exception e) when (e is ArgumentException or ArithmeticException or InvalidCastException or FormatException)
        {
            // What a config can make nonsense of is endless; whatever it breaks, the message names the layer.
            _problems.Add(new Problem(place, $"a config that makes no sense ({e.Message})", "a layer that Keras could make", LayerConfig.Mend));
        }

        return null;
    }

    /// <summary>What is not known as the caller wants it met: given back in strict mode, reported as ignored in lenient mode.</summary>
    public Problem[] LeftInStrictMode(IEnumerable<Problem> unknown)
    {
        if (options.Mode == LoadMode.Strict)
        {
            return [.. unknown];
        }

        options.Ignored.AddRange(unknown);
        return [];
    }

    private Layer Make(LayerConfig config)
    {
        if (options.CustomLayers.TryGetValue(config.RegisteredName, out Func<LayerConfig, Layer>? custom)
            || options.CustomLayers.TryGetValue(config.ClassName, out custom))
        {
            return custom(config);
        }

        return (string?)config.Json["kind"] switch
        {
            "model" => new Network(config),
            "operation" => new Operation(config),
            _ when !config.RegisteredName.Contains('>') && LayerTable.Layers.TryGetValue(config.ClassName, out Func<LayerConfig, Layer>? make) => make(config),
            _ => throw new UnsupportedModelException([new Problem(
                config.Place,
                $"layer class {config.RegisteredName}",
                "a layer of Keras",
                RefusedLayers.Remedy(config.ClassName) ?? $"if it is a layer of your own, bind it: LoadOptions.CustomLayers[\"{config.RegisteredName}\"] = config => …; if it is one of Keras's by another name, LoadOptions.RenamedClasses[\"{config.RegisteredName}\"] = \"…\"",
                config.RegisteredName == config.ClassName ? KerasVersions.Of(config.ClassName, KerasVersion) : null)]),
        };
    }
}
