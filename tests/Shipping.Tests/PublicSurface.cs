using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace KerasCompat.Shipping.Tests;

/// <summary>An assembly's public and protected members as text, one line each, in an order of their own.</summary>
internal sealed class PublicSurface
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(char)] = "char", [typeof(decimal)] = "decimal",
        [typeof(double)] = "double", [typeof(float)] = "float", [typeof(int)] = "int", [typeof(uint)] = "uint", [typeof(nint)] = "nint",
        [typeof(nuint)] = "nuint", [typeof(long)] = "long", [typeof(ulong)] = "ulong", [typeof(short)] = "short", [typeof(ushort)] = "ushort",
        [typeof(object)] = "object", [typeof(string)] = "string", [typeof(void)] = "void",
    };

    private readonly NullabilityInfoContext _nullability = new();
    private readonly StringBuilder _text = new();

    public static string Of(Assembly assembly)
    {
        var surface = new PublicSurface();
        foreach (Type type in assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            surface.Write(type);
        }

        return surface._text.ToString();
    }

    private void Write(Type type)
    {
        _text.Append(type.Namespace).Append(": ").Append(Header(type)).Append('\n');
        IEnumerable<string> members = typeof(Delegate).IsAssignableFrom(type) ? [] : type.IsEnum ? EnumMembers(type)
            : type.GetMembers(Declared).Where(m => !m.IsDefined(typeof(CompilerGeneratedAttribute))).Select(Line).OfType<string>().Order(StringComparer.Ordinal);
        foreach (string member in members)
        {
            _text.Append("    ").Append(member).Append('\n');
        }
    }

    private string Header(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            MethodInfo invoke = type.GetMethod("Invoke")!;
            return $"delegate {Name(_nullability.Create(invoke.ReturnParameter))} {Nested(type)}({Parameters(invoke)})";
        }

        bool isRecord = type.GetMethod("<Clone>$") is not null || type.GetMethod("PrintMembers", Declared) is not null;
        string kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : (isRecord, type.IsValueType) switch
        {
            (true, true) => "record struct",
            (true, false) => "record",
            (false, true) => "struct",
            _ => "class",
        };
        string modifiers = type.IsEnum || type.IsInterface ? string.Empty
            : type.IsValueType ? (type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : string.Empty) + (type.IsByRefLike ? "ref " : string.Empty)
            : type is { IsAbstract: true, IsSealed: true } ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : string.Empty;
        Type[] inherited = type.BaseType?.GetInterfaces() ?? [];
        IEnumerable<string> bases = type.GetInterfaces().Except(inherited).Where(i => i.IsVisible).Select(Name).Order(StringComparer.Ordinal);
        if (type is { IsValueType: false, BaseType: { } parent } && parent != typeof(object))
        {
            bases = bases.Prepend(Name(parent));
        }

        string list = type.IsEnum ? string.Empty : string.Join(", ", bases);
        return $"{modifiers}{kind} {Nested(type)}{(list.Length == 0 ? string.Empty : " : " + list)}{Constraints(type.GetGenericArguments())}";
    }

    private static IEnumerable<string> EnumMembers(Type type) =>
        Enum.GetNames(type).Select(n => $"{n} = {System.Convert.ToInt64(Enum.Parse(type, n), CultureInfo.InvariantCulture)}");

    private string? Line(MemberInfo member) => member switch
    {
        ConstructorInfo c when Access(c) is { } access && !c.IsStatic => $"{access}{Plain(c.DeclaringType!)}({Parameters(c)})",
        MethodInfo m when Access(m) is { } access && (!m.IsSpecialName || m.Name.StartsWith("op_", StringComparison.Ordinal)) =>
            $"{access}{Kind(m)}{Name(_nullability.Create(m.ReturnParameter))} {m.Name}{Generics(m.GetGenericArguments())}({Parameters(m)}){Constraints(m.GetGenericArguments())}",
        PropertyInfo p when Accessor(p) is { } accessor && Access(accessor) is { } access =>
            $"{access}{Kind(accessor)}{(p.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : string.Empty)}{Name(_nullability.Create(p))} {(p.GetIndexParameters().Length == 0 ? p.Name : $"this[{Parameters(p.GetIndexParameters())}]")} {{ {Accessors(p)} }}",
        FieldInfo f when f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly =>
            $"{(f.IsPublic ? string.Empty : "protected ")}{(f.IsLiteral ? "const " : f.IsStatic ? "static " : string.Empty)}{(f.IsInitOnly ? "readonly " : string.Empty)}{Name(_nullability.Create(f))} {f.Name}{(f.IsLiteral ? $" = {Literal(f.GetRawConstantValue())}" : string.Empty)}",
        EventInfo e when Access(e.AddMethod!) is { } access => $"{access}event {Name(e.EventHandlerType!)} {e.Name}",
        _ => null,
    };

    /// <summary>How a member can be reached: nothing for public, "protected "; null where it cannot from outside.</summary>
    private static string? Access(MethodBase method) => method.IsPublic ? string.Empty : method.IsFamily || method.IsFamilyOrAssembly ? "protected " : null;

    private static MethodInfo? Accessor(PropertyInfo property) =>
        new[] { property.GetMethod, property.SetMethod }.OfType<MethodInfo>().OrderBy(m => Access(m) is null ? 2 : m.IsPublic ? 0 : 1).FirstOrDefault();

    private static string Accessors(PropertyInfo property)
    {
        string? outer = Access(Accessor(property)!);
        var parts = new List<string>();
        if (property.GetMethod is { } get && Access(get) is { } getAccess)
        {
            parts.Add($"{(getAccess == outer ? string.Empty : getAccess)}get;");
        }

        if (property.SetMethod is { } set && Access(set) is { } setAccess)
        {
            bool init = set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
            parts.Add($"{(setAccess == outer ? string.Empty : setAccess)}{(init ? "init" : "set")};");
        }

        return string.Join(' ', parts);
    }

    private static string Kind(MethodInfo method) => method switch
    {
        { DeclaringType.IsInterface: true, IsStatic: false } => string.Empty,
        { IsStatic: true, IsAbstract: true } => "static abstract ",
        { IsStatic: true } => "static ",
        { IsAbstract: true } => "abstract ",
        { IsVirtual: true, IsFinal: false } => method.GetBaseDefinition() != method ? "override " : "virtual ",
        { IsVirtual: true } when method.GetBaseDefinition() != method => "sealed override ",
        _ => string.Empty,
    };

    private string Parameters(MethodBase method) =>
        (method.IsDefined(typeof(ExtensionAttribute)) ? "this " : string.Empty) + Parameters(method.GetParameters());

    private string Parameters(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(p =>
    {
        string passing = p.IsOut ? "out " : p.IsDefined(typeof(IsReadOnlyAttribute)) ? "in " : p.ParameterType.IsByRef ? "ref "
            : p.IsDefined(typeof(ParamArrayAttribute)) || p.IsDefined(typeof(ParamCollectionAttribute)) ? "params " : string.Empty;
        return $"{passing}{Name(_nullability.Create(p))} {p.Name}{(p.HasDefaultValue ? $" = {Literal(p.RawDefaultValue, p.ParameterType)}" : string.Empty)}";
    }));

    private static string Literal(object? value, Type? type = null) => value switch
    {
        null => type is { IsValueType: true } && Nullable.GetUnderlyingType(type) is null ? "default" : "null",
        string text => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"",
        bool flag => flag ? "true" : "false",
        _ when type is { IsEnum: true } => $"{type.Name}.{Enum.ToObject(type, value)}",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static string Constraints(Type[] arguments) => string.Concat(arguments.Where(a => a.IsGenericParameter).Select(a =>
    {
        GenericParameterAttributes special = a.GenericParameterAttributes;
        var parts = new List<string>();
        if (special.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint))
        {
            parts.Add("struct");
        }
        else if (special.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
        {
            parts.Add("class");
        }

        parts.AddRange(a.GetGenericParameterConstraints().Where(c => c != typeof(ValueType)).Select(Name));
        return parts.Count == 0 ? string.Empty : $" where {a.Name} : {string.Join(", ", parts)}";
    }));

    private static string Nested(Type type) => type.DeclaringType is null || type.IsGenericParameter ? Name(type) : $"{Nested(type.DeclaringType)}.{Name(type)}";

    private static string Plain(Type type) => type.Name.Split('`')[0];

    private static string Generics(Type[] arguments) => arguments.Length == 0 ? string.Empty : $"<{string.Join(", ", arguments.Select(Name))}>";

    private static string Name(Type type) => Keywords.GetValueOrDefault(type) ?? type switch
    {
        { IsByRef: true } or { IsPointer: true } => Name(type.GetElementType()!) + (type.IsPointer ? "*" : string.Empty),
        { IsArray: true } => $"{Name(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]",
        _ when Nullable.GetUnderlyingType(type) is { } inner => Name(inner) + "?",
        { IsGenericType: true } => Plain(type) + Generics(type.GetGenericArguments()[(type.DeclaringType?.GetGenericArguments().Length ?? 0)..]),
        _ => type.Name,
    };

    /// <summary>A type's name with the question marks of reference types that may be null.</summary>
    private static string Name(NullabilityInfo info)
    {
        Type type = info.Type.IsByRef ? info.Type.GetElementType()! : info.Type;
        string mark = !type.IsValueType && info.ReadState == NullabilityState.Nullable && !type.IsGenericParameter ? "?" : string.Empty;
        if (type.IsArray && info.ElementType is { } element)
        {
            return $"{Name(element)}[{new string(',', type.GetArrayRank() - 1)}]{mark}";
        }

        if (type.IsGenericType && Nullable.GetUnderlyingType(type) is null && info.GenericTypeArguments.Length == type.GetGenericArguments().Length)
        {
            return $"{Plain(type)}<{string.Join(", ", info.GenericTypeArguments.Select(Name))}>{mark}";
        }

        return Name(type) + mark;
    }
}
