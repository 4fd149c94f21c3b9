using System.Globalization;
using Newtonsoft.Json.Linq;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace KerasCompat.Containers;

/// <summary>Reads the YAML that <c>model.to_yaml()</c> of Keras 1 and 2 wrote, as the same tree that JSON gives.</summary>
/// <remarks>
/// PyYAML writes tuples as <c>!!python/tuple</c> and Python 2's text as <c>!!python/unicode</c>: a list and a text. Any other
/// Python tag would create an object; it is refused. Aliases are followed, within the limit on objects.
/// </remarks>
internal sealed class YamlText
{
    private const string PythonPrefix = "tag:yaml.org,2002:python/";

    private readonly Parser _parser;
    private readonly string _place;
    private readonly ReadLimits _limits;
    private readonly Dictionary<AnchorName, JToken?> _anchors = [];
    private int _nodes;

    private YamlText(string text, string place, ReadLimits limits)
    {
        _parser = new Parser(new StringReader(text));
        _place = place;
        _limits = limits;
    }

    /// <exception cref="ModelFormatException">The text is no YAML, or holds Python objects.</exception>
    /// <exception cref="ResourceLimitException">It is too long, too large or nested too deep.</exception>
    public static JToken Parse(string text, string place, ReadLimits limits)
    {
        JsonText.CheckLength(text.Length, place, limits);
        try
        {
            var yaml = new YamlText(text, place, limits);
            yaml.Next<StreamStart>();
            yaml.Next<DocumentStart>();
            JToken token = yaml.Node(0);
            yaml.Next<DocumentEnd>();
            yaml.Next<StreamEnd>();
            return token;
        }
        catch (YamlException e)
        {
            throw new ModelFormatException(place, $"text that is not YAML, at line {e.Start.Line}", "whole YAML", e.Message, e);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException or IndexOutOfRangeException)
        {
            throw new ModelFormatException(place, "text that is not YAML", "whole YAML", inner: e); // the scanner trips over some damage
        }
    }

    private void Next<T>()
        where T : ParsingEvent
    {
        if (!_parser.MoveNext() || _parser.Current is not T)
        {
            throw new ModelFormatException(_place, $"a {_parser.Current?.GetType().Name ?? "end"} in the YAML", typeof(T).Name);
        }
    }

    private JToken Node(int depth)
    {
        _parser.MoveNext();
        return Current(depth);
    }

    private JToken Current(int depth)
    {
        if (depth > _limits.MaxDepth || ++_nodes > _limits.MaxObjects)
        {
            throw new ResourceLimitException(_place, "YAML that is too deep or too large", $"at most {_limits.MaxDepth} levels and {_limits.MaxObjects} values");
        }

        switch (_parser.Current)
        {
            case Scalar scalar:
                return Anchored(scalar, Value(scalar));
            case SequenceStart start:
                CheckTag(start.Tag);
                Announce(start);
                var list = new JArray();
                while (_parser.MoveNext() && _parser.Current is not SequenceEnd)
                {
                    list.Add(Current(depth + 1));
                }

                return Anchored(start, list);
            case MappingStart start:
                CheckTag(start.Tag);
                Announce(start);
                var map = new JObject();
                while (_parser.MoveNext() && _parser.Current is not MappingEnd)
                {
                    JToken key = Current(depth + 1);
                    if (key is not JValue { Value: not null } name)
                    {
                        throw new ModelFormatException(_place, $"{JsonText.Describe(key)} as a key in the YAML", "text");
                    }

                    map[Convert.ToString(name.Value, CultureInfo.InvariantCulture)!] = Node(depth + 1);
                }

                return Anchored(start, map);
            case AnchorAlias alias:
                return _anchors.TryGetValue(alias.Value, out JToken? target) && target is not null
                    ? Copy(target)
                    : throw new ModelFormatException(_place, $"alias *{alias.Value} to nothing or to its own parent", "an anchor before it");
            default:
                throw new ModelFormatException(_place, $"a {_parser.Current?.GetType().Name ?? "end"} in the YAML", "a value");
        }
    }

    private JToken Copy(JToken target)
    {
        if (target is JContainer container)
        {
            _nodes += container.Descendants().Count();
        }

        return _nodes > _limits.MaxObjects
            ? throw new ResourceLimitException(_place, "YAML whose aliases unfold to too many values", $"at most {_limits.MaxObjects}")
            : target.DeepClone();
    }

    private void Announce(NodeEvent node)
    {
        if (!node.Anchor.IsEmpty)
        {
            _anchors[node.Anchor] = null; // an alias within would be a cycle
        }
    }

    private JToken Anchored(NodeEvent node, JToken token)
    {
        if (!node.Anchor.IsEmpty)
        {
            _anchors[node.Anchor] = token;
        }

        return token;
    }

    private void CheckTag(TagName tag)
    {
        if (!tag.IsEmpty && tag.Value.StartsWith(PythonPrefix, StringComparison.Ordinal)
            && tag.Value[PythonPrefix.Length..] is not ("tuple" or "list" or "dict" or "unicode" or "str" or "int" or "long" or "float" or "bool" or "none"))
        {
            throw new ModelFormatException(_place, $"a Python object ({tag.Value}) in the YAML", "plain values", "it would run code when Python loads it; save the architecture with to_json()");
        }
    }

    private JToken Value(Scalar scalar)
    {
        CheckTag(scalar.Tag);
        bool text = scalar.Style is not ScalarStyle.Plain || (!scalar.Tag.IsEmpty && scalar.Tag.Value.EndsWith("str", StringComparison.Ordinal))
            || (!scalar.Tag.IsEmpty && scalar.Tag.Value.EndsWith("unicode", StringComparison.Ordinal));
        return text ? scalar.Value : Plain(scalar.Value);
    }

    /// <summary>The plain scalars of YAML 1.1 that PyYAML writes.</summary>
    private static JToken Plain(string value)
    {
        switch (value)
        {
            case "" or "~" or "null" or "Null" or "NULL": return JValue.CreateNull();
            case "true" or "True" or "yes" or "on": return true;
            case "false" or "False" or "no" or "off": return false;
            case ".inf" or "+.inf": return double.PositiveInfinity;
            case "-.inf": return double.NegativeInfinity;
            case ".nan": return double.NaN;
        }

        if (long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole))
        {
            return whole;
        }

        bool number = value[0] is '+' or '-' or '.' || char.IsAsciiDigit(value[0]);
        return number && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) ? real : value;
    }
}
