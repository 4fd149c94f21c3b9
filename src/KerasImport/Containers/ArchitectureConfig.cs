using Newtonsoft.Json.Linq;

namespace KerasCompat.Containers;

/// <summary>An architecture and what stands beside it in its JSON.</summary>
/// <param name="Config"><c>{"class_name", "config", …}</c>.</param>
/// <param name="TrainingConfig">Loss, optimizer, metrics.</param>
/// <param name="KerasVersion">The version that wrote it.</param>
/// <param name="Backend">The backend that wrote it.</param>
internal sealed record ArchitectureConfig(JObject Config, JObject? TrainingConfig, string? KerasVersion, string? Backend)
{
    /// <summary>
    /// Takes what <c>to_json()</c> wrote, a <c>config.json</c>, a <c>model_config</c>, or an object that holds one of them under
    /// <c>model_config</c> (TensorFlow.js), with <c>keras_version</c> and <c>backend</c> beside it; or what <c>get_config()</c> gives.
    /// </summary>
    /// <exception cref="ModelFormatException">It is none of them.</exception>
    public static ArchitectureConfig From(JToken token, string place, ReadLimits limits)
    {
        JObject root = OfGetConfig(token) ?? JsonText.AsObject(token, place);
        JObject config = root;
        if (root["class_name"] is null && root["model_config"] is { } inner)
        {
            place += ".model_config";
            config = JsonText.AsObject(inner is JValue { Value: string text } ? JsonText.Parse(text, place, limits) : inner, place);
        }

        switch ((config["class_name"] as JValue)?.Value)
        {
            case "Tokenizer" or "TimeseriesGenerator":
                throw new ModelFormatException(place, $"a {config["class_name"]}, not a model", "the architecture of a model", "read it with Tokenizer.FromJson");
            case string:
                break;
            default:
                throw new ModelFormatException(place, config["class_name"] is null ? "an object without class_name" : "a class_name that is not text",
                    "\"class_name\" and \"config\", as model.to_json() writes them", "save model.to_json()");
        }

        return new ArchitectureConfig(
            config,
            (root["training_config"] ?? config["training_config"] ?? config["compile_config"]) as JObject,
            Text(config["keras_version"]) ?? Text(root["keras_version"]),
            Text(config["backend"]) ?? Text(root["backend"]));
    }

    /// <summary>
    /// The model whose <c>get_config()</c> this is, or null: an object of layers, with the inputs and outputs of a functional model, or a Sequential's
    /// list of layers (to Keras 2.2.2).
    /// </summary>
    private static JObject? OfGetConfig(JToken token)
    {
        JToken? layers = token is JObject { } root && root["class_name"] is null ? root["layers"] : token;
        bool areLayers = layers is JArray { Count: > 0 } list && list.All(layer => layer is JObject && layer["class_name"] is JValue { Value: string } && layer["config"] is JObject or JArray);
        return areLayers
            ? new JObject { ["class_name"] = token is JObject && token["input_layers"] is not null ? "Model" : "Sequential", ["config"] = token.DeepClone() }
            : null;
    }

    private static string? Text(JToken? token) => (token as JValue)?.Value as string;
}
