using System.Globalization;

namespace KerasCompat.Runtime;

/// <summary>The size of an axis: an integer, or an expression over symbols such as <c>batch</c> and <c>time</c>.</summary>
/// <remarks>
/// Kept as a sum of terms, each an integer times a product of atoms in a fixed order, so that equal expressions have equal
/// text: <c>2*(time + 1)</c> and <c>2 + 2*time</c> are the same <see cref="Dim"/>. Atoms are symbols and the divisions, maxima
/// and minima that do not simplify.
/// </remarks>
public sealed class Dim : IEquatable<Dim>
{
    private readonly Term[] _terms;
    private readonly string _text;

    private Dim(Term[] terms)
    {
        _terms = terms;
        _text = terms.Length == 0 ? "0" : string.Join(" + ", terms.Select(t => t.ToString()));
    }

    /// <summary>Zero.</summary>
    public static Dim Zero { get; } = new([]);

    /// <summary>One.</summary>
    public static Dim One { get; } = Constant(1);

    /// <summary>True where the size is a known integer.</summary>
    public bool IsConstant => _terms.Length == 0 || (_terms.Length == 1 && _terms[0].Atoms.Length == 0);

    /// <summary>The known integer.</summary>
    /// <exception cref="InvalidOperationException">The size depends on a symbol.</exception>
    public int Value => IsConstant
        ? checked((int)(_terms.Length == 0 ? 0 : _terms[0].Factor))
        : throw new InvalidOperationException($"The size {this} is not known before a call.");

    /// <summary>The known integer, or null.</summary>
    public int? ValueOrNull => IsConstant ? Value : null;

    /// <summary>The symbol's name where the size is a bare symbol, else null.</summary>
    public string? SymbolName => _terms is [{ Factor: 1, Atoms: [{ Kind: AtomKind.Symbol } atom] }] ? atom.Text : null;

    /// <summary>A known size.</summary>
    public static Dim Constant(long value) => value == 0 ? Zero : new([new Term(value, [])]);

    /// <summary>A size that a call decides.</summary>
    public static Dim Symbol(string name) => FromAtom(new Atom(AtomKind.Symbol, name, null, null));

    /// <summary>A known size.</summary>
    public static implicit operator Dim(int value) => Constant(value);

    /// <summary>The sum.</summary>
    public static Dim operator +(Dim a, Dim b) => Sum(a._terms.Concat(b._terms));

    /// <summary>The difference.</summary>
    public static Dim operator -(Dim a, Dim b) => a + (b * -1);

    /// <summary>The product.</summary>
    public static Dim operator *(Dim a, Dim b) =>
        Sum(a._terms.SelectMany(x => b._terms.Select(y => new Term(checked(x.Factor * y.Factor), [.. x.Atoms, .. y.Atoms]))));

    /// <summary>The quotient rounded down.</summary>
    public static Dim FloorDiv(Dim a, Dim b) => Divide(a, b, AtomKind.FloorDiv);

    /// <summary>The quotient rounded up.</summary>
    public static Dim CeilDiv(Dim a, Dim b) => Divide(a, b, AtomKind.CeilDiv);

    /// <summary>The larger of two sizes.</summary>
    public static Dim Max(Dim a, Dim b) => Extreme(a, b, AtomKind.Max);

    /// <summary>The smaller of two sizes.</summary>
    public static Dim Min(Dim a, Dim b) => Extreme(a, b, AtomKind.Min);

    /// <summary>The product of several sizes.</summary>
    public static Dim Product(IEnumerable<Dim> dims) => dims.Aggregate(One, (a, b) => a * b);

    /// <summary>True where no sizes but 0 of the symbols make the two equal, 6 and 8 or 6*batch and 8*batch, and neither is known to be 0.</summary>
    public static bool AreUnlike(Dim a, Dim b) => (a - b)._terms is [var term] && term.Atoms.All(x => x.Kind == AtomKind.Symbol)
        && (a.ValueOrNull, b.ValueOrNull) is not ((0, null) or (null, 0));

    /// <summary>The size for given values of the symbols.</summary>
    /// <exception cref="KeyNotFoundException">A symbol has no value.</exception>
    public int Evaluate(IReadOnlyDictionary<string, int> symbols)
    {
        long sum = 0;
        foreach (Term term in _terms)
        {
            long product = term.Factor;
            foreach (Atom atom in term.Atoms)
            {
                product = checked(product * atom.Evaluate(symbols));
            }

            sum = checked(sum + product);
        }

        return checked((int)sum);
    }

    /// <summary>The symbols the size depends on.</summary>
    public IEnumerable<string> Symbols() => _terms.SelectMany(t => t.Atoms).SelectMany(a => a.Symbols()).Distinct();

    /// <summary>The expression computed in some other way of adding and multiplying.</summary>
    internal T Compute<T>(IDimArithmetic<T> arithmetic)
    {
        if (_terms.Length == 0)
        {
            return arithmetic.Constant(0);
        }

        return _terms.Select(Product).Aggregate(arithmetic.Add);

        T Product(Term term)
        {
            IEnumerable<T> atoms = term.Atoms.Select(Compute);
            return (term.Factor == 1 && term.Atoms.Length > 0 ? atoms : atoms.Append(arithmetic.Constant(term.Factor))).Aggregate(arithmetic.Multiply);
        }

        T Compute(Atom atom) => atom.Kind switch
        {
            AtomKind.Symbol => arithmetic.Symbol(atom.Text),
            AtomKind.FloorDiv => arithmetic.FloorDivide(atom.Left!.Compute(arithmetic), atom.Right!.Compute(arithmetic)),
            AtomKind.CeilDiv => arithmetic.CeilDivide(atom.Left!.Compute(arithmetic), atom.Right!.Compute(arithmetic)),
            AtomKind.Max => arithmetic.Max(atom.Left!.Compute(arithmetic), atom.Right!.Compute(arithmetic)),
            _ => arithmetic.Min(atom.Left!.Compute(arithmetic), atom.Right!.Compute(arithmetic)),
        };
    }

    /// <summary>The size with symbols replaced.</summary>
    public Dim Substitute(IReadOnlyDictionary<string, Dim> symbols) => IsConstant
        ? this
        : _terms.Aggregate(Zero, (sum, t) => sum + t.Atoms.Aggregate(Constant(t.Factor), (p, a) => p * a.Substitute(symbols)));

    /// <inheritdoc/>
    public bool Equals(Dim? other) => other is not null && _text == other._text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Dim);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>True where both are surely the same size.</summary>
    public static bool operator ==(Dim? a, Dim? b) => a is null ? b is null : a.Equals(b);

    /// <summary>True where the two may differ.</summary>
    public static bool operator !=(Dim? a, Dim? b) => !(a == b);

    /// <summary>The expression as text.</summary>
    public override string ToString() => _text;

    private static Dim FromAtom(Atom atom) => new([new Term(1, [atom])]);

    private static Dim Sum(IEnumerable<Term> terms)
    {
        var byAtoms = new SortedDictionary<string, Term>(StringComparer.Ordinal);
        foreach (Term term in terms)
        {
            Atom[] atoms = [.. term.Atoms.OrderBy(a => a.Text, StringComparer.Ordinal)];
            string key = string.Join("*", atoms.Select(a => a.Text));
            long factor = byAtoms.TryGetValue(key, out Term known) ? checked(known.Factor + term.Factor) : term.Factor;
            byAtoms[key] = new Term(factor, atoms);
        }

        return new Dim([.. byAtoms.Values.Where(t => t.Factor != 0)]);
    }

    private static Dim Divide(Dim a, Dim b, AtomKind kind)
    {
        if (b == One || a == Zero)
        {
            return a;
        }

        if (a == b)
        {
            return One;
        }

        if (a.IsConstant && b.IsConstant)
        {
            long quotient = Math.DivRem(a.Value, b.Value, out long rest);
            bool down = rest != 0 && (a.Value < 0) != (b.Value < 0);
            bool up = rest != 0 && !down;
            return Constant(kind == AtomKind.FloorDiv ? quotient - (down ? 1 : 0) : quotient + (up ? 1 : 0));
        }

        if (b._terms.Length == 1 && a._terms.All(t => t.IsDivisibleBy(b._terms[0])))
        {
            return Sum(a._terms.Select(t => t.DividedBy(b._terms[0])));
        }

        return FromAtom(new Atom(kind, $"{(kind == AtomKind.FloorDiv ? "floor" : "ceil")}(({a})/({b}))", a, b));
    }

    private static Dim Extreme(Dim a, Dim b, AtomKind kind)
    {
        if (a == b)
        {
            return a;
        }

        if ((a - b).ValueOrNull is int difference)
        {
            return difference > 0 == (kind == AtomKind.Max) ? a : b;
        }

        return FromAtom(new Atom(kind, $"{(kind == AtomKind.Max ? "max" : "min")}({a}, {b})", a, b));
    }

    private enum AtomKind
    {
        Symbol,
        FloorDiv,
        CeilDiv,
        Max,
        Min,
    }

    private readonly record struct Term(long Factor, Atom[] Atoms)
    {
        public bool IsDivisibleBy(Term divisor) =>
            Factor % divisor.Factor == 0 && divisor.Atoms.GroupBy(a => a.Text).All(CountIsWithin(Atoms));

        public Term DividedBy(Term divisor)
        {
            var left = Atoms.ToList();
            foreach (Atom atom in divisor.Atoms)
            {
                left.RemoveAt(left.FindIndex(a => a.Text == atom.Text));
            }

            return new Term(Factor / divisor.Factor, [.. left]);
        }

        public override string ToString()
        {
            string atoms = string.Join("*", Atoms.Select(a => a.Text));
            return Atoms.Length == 0 ? Factor.ToString(CultureInfo.InvariantCulture)
                : Factor == 1 ? atoms
                : string.Create(CultureInfo.InvariantCulture, $"{Factor}*{atoms}");
        }

        private static Func<IGrouping<string, Atom>, bool> CountIsWithin(Atom[] atoms) =>
            group => atoms.Count(a => a.Text == group.Key) >= group.Count();
    }

    private sealed record Atom(AtomKind Kind, string Text, Dim? Left, Dim? Right)
    {
        public long Evaluate(IReadOnlyDictionary<string, int> symbols)
        {
            if (Kind == AtomKind.Symbol)
            {
                return symbols[Text];
            }

            long a = Left!.Evaluate(symbols), b = Right!.Evaluate(symbols);
            return Kind switch
            {
                AtomKind.Max => Math.Max(a, b),
                AtomKind.Min => Math.Min(a, b),
                _ => Divide(Constant(a), Constant(b), Kind).Value,
            };
        }

        public IEnumerable<string> Symbols() => Kind == AtomKind.Symbol ? [Text] : Left!.Symbols().Concat(Right!.Symbols());

        public Dim Substitute(IReadOnlyDictionary<string, Dim> symbols)
        {
            if (Kind == AtomKind.Symbol)
            {
                return symbols.TryGetValue(Text, out Dim? dim) ? dim : FromAtom(this);
            }

            Dim a = Left!.Substitute(symbols), b = Right!.Substitute(symbols);
            return Kind is AtomKind.Max or AtomKind.Min ? Extreme(a, b, Kind) : Divide(a, b, Kind);
        }
    }
}
